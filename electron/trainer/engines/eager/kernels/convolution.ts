import type { backend_util } from '@tensorflow/tfjs-core'
import { transposed } from '../../weights/transpose'
import { multiplyTransposed } from './gemm'

type Geometry = backend_util.Conv2DInfo

/**
 * Convolutions as matrix products, picture by picture: the windows of a picture become the rows of a matrix
 * `[outHeight · outWidth, kernelHeight · kernelWidth · inChannels]`. Pictures are NHWC, kernels HWIO, groups 1.
 */
export function convolve(x: Float32Array, kernel: Float32Array, geometry: Geometry): Float32Array {
  const { places, windowSize, outChannels, inSize, outSize, batchSize } = sizes(geometry)
  const kernelRows = transposed(kernel, windowSize, outChannels)
  const windows = new Float32Array(places * windowSize)
  const y = new Float32Array(batchSize * outSize)
  for (let n = 0; n < batchSize; n++) {
    readWindows(x.subarray(n * inSize, (n + 1) * inSize), geometry, windows)
    const own = y.subarray(n * outSize, (n + 1) * outSize)
    multiplyTransposed(windows, kernelRows, own, [places, outChannels, windowSize])
  }
  return y
}

/** The gradient of the input, given `dy`, the output's. */
export function convolveInputGradient(dy: Float32Array, kernel: Float32Array, geometry: Geometry): Float32Array {
  const { places, windowSize, outChannels, inSize, outSize, batchSize } = sizes(geometry)
  const windows = new Float32Array(places * windowSize)
  const dx = new Float32Array(batchSize * inSize)
  for (let n = 0; n < batchSize; n++) {
    const own = dy.subarray(n * outSize, (n + 1) * outSize)
    multiplyTransposed(own, kernel, windows, [places, windowSize, outChannels])
    addWindows(windows, geometry, dx.subarray(n * inSize, (n + 1) * inSize))
  }
  return dx
}

/** The gradient of the kernel, given `dy`, the output's. */
export function convolveKernelGradient(x: Float32Array, dy: Float32Array, geometry: Geometry): Float32Array {
  const { places, windowSize, outChannels, inSize, outSize, batchSize } = sizes(geometry)
  const windows = new Float32Array(places * windowSize)
  const windowColumns = new Float32Array(windows.length)
  const dyColumns = new Float32Array(outSize)
  const gradient = new Float32Array(windowSize * outChannels)
  for (let n = 0; n < batchSize; n++) {
    readWindows(x.subarray(n * inSize, (n + 1) * inSize), geometry, windows)
    transposed(windows, places, windowSize, windowColumns)
    transposed(dy.subarray(n * outSize, (n + 1) * outSize), places, outChannels, dyColumns)
    multiplyTransposed(windowColumns, dyColumns, gradient, [windowSize, outChannels, places], true)
  }
  return gradient
}

function sizes(geometry: Geometry) {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry
  const places = outHeight * outWidth
  return {
    batchSize,
    outChannels,
    places,
    windowSize: geometry.filterHeight * geometry.filterWidth * inChannels,
    inSize: inHeight * inWidth * inChannels,
    outSize: places * outChannels,
  }
}

/** Copies every window of one picture into its row of `windows`; zeros where it hangs over the edge. */
function readWindows(picture: Float32Array, geometry: Geometry, windows: Float32Array): void {
  visitRuns(geometry, (inside, run, length) => {
    if (inside < 0) windows.fill(0, run, run + length)
    else for (let i = 0; i < length; i++) windows[run + i] = picture[inside + i]!
  })
}

/** Adds every window back to the place in the picture it was read from. */
function addWindows(windows: Float32Array, geometry: Geometry, picture: Float32Array): void {
  visitRuns(geometry, (inside, run, length) => {
    if (inside < 0) return
    for (let i = 0; i < length; i++) picture[inside + i]! += windows[run + i]!
  })
}

/**
 * Calls `visit` for each pixel of each window, in the order of the rows of `windows`: where its channels start in the
 * picture (-1 outside), where in `windows`, and how many there are. Pixels that touch come as one run.
 */
function visitRuns(geometry: Geometry, visit: (inside: number, run: number, length: number) => void): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = geometry
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = geometry
  let run = 0
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      const left = column * strideWidth - padInfo.left
      const whole = dilationWidth === 1 && left >= 0 && left + filterWidth <= inWidth
      for (let kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
        const y = row * strideHeight - padInfo.top + kernelRow * dilationHeight
        const start = y >= 0 && y < inHeight ? y * inWidth : -1
        if (whole || start < 0) {
          visit(start < 0 ? -1 : (start + left) * inChannels, run, filterWidth * inChannels)
          run += filterWidth * inChannels
          continue
        }
        for (let kernelColumn = 0; kernelColumn < filterWidth; kernelColumn++) {
          const x = left + kernelColumn * dilationWidth
          visit(x >= 0 && x < inWidth ? (start + x) * inChannels : -1, run, inChannels)
          run += inChannels
        }
      }
    }
  }
}
