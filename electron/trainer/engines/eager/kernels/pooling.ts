import type { backend_util } from '@tensorflow/tfjs-core'

type Geometry = backend_util.Conv2DInfo

/** The largest value of every window of NHWC pictures; padding never wins. */
export function maxPool(x: Float32Array, geometry: Geometry): Float32Array {
  const { batchSize, outHeight, outWidth, inChannels } = geometry
  const y = new Float32Array(batchSize * outHeight * outWidth * inChannels).fill(-Infinity)
  visitWindows(geometry, (from, to) => {
    for (let c = 0; c < inChannels; c++) {
      const value = x[from + c]!
      // Not `value > y`, so that NaN passes and the run is stopped rather than misled.
      if (!(value <= y[to + c]!)) y[to + c] = value
    }
  })
  return y
}

/** The gradient of the input: each window's goes to the first of its largest values, `y`. */
export function maxPoolGradient(dy: Float32Array, x: Float32Array, y: Float32Array, geometry: Geometry): Float32Array {
  const { inChannels } = geometry
  const dx = new Float32Array(x.length)
  const given = new Uint8Array(y.length)
  visitWindows(geometry, (from, to) => {
    for (let c = 0; c < inChannels; c++) {
      if (given[to + c] !== 0 || x[from + c] !== y[to + c]) continue
      given[to + c] = 1
      dx[from + c]! += dy[to + c]!
    }
  })
  return dx
}

/** Calls `visit` with the first channel's position in the input and the output, for each pixel of each window, row by row. */
function visitWindows(geometry: Geometry, visit: (from: number, to: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = geometry
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry
  for (let n = 0; n < batchSize; n++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top
      for (let column = 0; column < outWidth; column++) {
        const left = column * strideWidth - padInfo.left
        const to = ((n * outHeight + row) * outWidth + column) * inChannels
        for (let y = Math.max(top, 0); y < Math.min(top + filterHeight, inHeight); y++) {
          for (let x = Math.max(left, 0); x < Math.min(left + filterWidth, inWidth); x++) {
            visit(((n * inHeight + y) * inWidth + x) * inChannels, to)
          }
        }
      }
    }
  }
}
