import type { backend_util } from '@tensorflow/tfjs-core'

type Geometry = backend_util.Conv2DInfo

/**
 * Convolutions of each channel by itself. Pictures are NHWC; kernels `[kernelHeight, kernelWidth, inChannels, multiplier]`,
 * the multiplier being how many output channels each input channel has, one behind the other.
 */
export function convolveDepthwise(x: Float32Array, kernel: Float32Array, geometry: Geometry): Float32Array {
  const y = new Float32Array(geometry.batchSize * geometry.outHeight * geometry.outWidth * geometry.outChannels)
  visitTaps(geometry, (from, to, tap, channels, multiplier) => {
    for (let c = 0, o = 0; c < channels; c++) {
      const value = x[from + c]!
      for (let m = 0; m < multiplier; m++, o++) y[to + o]! += value * kernel[tap + o]!
    }
  })
  return y
}

/** The gradient of the input, given `dy`, the output's. */
export function depthwiseInputGradient(dy: Float32Array, kernel: Float32Array, geometry: Geometry): Float32Array {
  const dx = new Float32Array(geometry.batchSize * geometry.inHeight * geometry.inWidth * geometry.inChannels)
  visitTaps(geometry, (from, to, tap, channels, multiplier) => {
    for (let c = 0, o = 0; c < channels; c++) {
      let sum = 0
      for (let m = 0; m < multiplier; m++, o++) sum += dy[to + o]! * kernel[tap + o]!
      dx[from + c]! += sum
    }
  })
  return dx
}

/** The gradient of the kernel, given `dy`, the output's; summed in double precision. */
export function depthwiseKernelGradient(x: Float32Array, dy: Float32Array, geometry: Geometry): Float32Array {
  const gradient = new Float64Array(geometry.filterHeight * geometry.filterWidth * geometry.outChannels)
  visitTaps(geometry, (from, to, tap, channels, multiplier) => {
    for (let c = 0, o = 0; c < channels; c++) {
      const value = x[from + c]!
      for (let m = 0; m < multiplier; m++, o++) gradient[tap + o]! += value * dy[to + o]!
    }
  })
  return Float32Array.from(gradient)
}

/** Where the first channel lies in the input, the output and the kernel, for one place of one window. */
type Tap = (from: number, to: number, tap: number, channels: number, multiplier: number) => void

function visitTaps(geometry: Geometry, visit: Tap): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry
  const multiplier = outChannels / inChannels
  for (let n = 0; n < batchSize; n++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top
      for (let column = 0; column < outWidth; column++) {
        const left = column * strideWidth - padInfo.left
        const to = ((n * outHeight + row) * outWidth + column) * outChannels
        for (let y = Math.max(top, 0); y < Math.min(top + filterHeight, inHeight); y++) {
          for (let x = Math.max(left, 0); x < Math.min(left + filterWidth, inWidth); x++) {
            const from = ((n * inHeight + y) * inWidth + x) * inChannels
            visit(from, to, ((y - top) * filterWidth + x - left) * outChannels, inChannels, multiplier)
          }
        }
      }
    }
  }
}
