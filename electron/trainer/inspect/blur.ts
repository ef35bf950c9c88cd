import type { ImageShape } from '../../../shared/network/shape'

/** The picture moved down and to the right; what leaves on one side enters on the other. HWC, as a copy. */
export function shifted(pixels: Float32Array, size: ImageShape, down: number, across: number): Float32Array {
  if (down === 0 && across === 0) return pixels.slice()
  const { height, width, channels } = size
  const moved = new Float32Array(pixels.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels
      const to = (wrapped(y + down, height) * width + wrapped(x + across, width)) * channels
      moved.set(pixels.subarray(from, from + channels), to)
    }
  }
  return moved
}

function wrapped(at: number, size: number): number {
  return ((at % size) + size) % size
}

/** Gaussian blur of this standard deviation, in pixels. Beyond the edges the pixels at them are taken again. HWC, as a copy. */
export function blurred(pixels: Float32Array, size: ImageShape, deviation: number): Float32Array {
  const kernel = gaussian(deviation)
  const { height, width, channels } = size
  const rows = blurredAlong(pixels, kernel, height, width * channels, 1)
  return blurredAlong(rows, kernel, width, channels, height)
}

/** Along an axis of `length` values `step` apart, in each of `outer` parts. */
function blurredAlong(
  pixels: Float32Array,
  kernel: Float64Array,
  length: number,
  step: number,
  outer: number,
): Float32Array {
  const reach = (kernel.length - 1) / 2
  const result = new Float32Array(pixels.length)
  for (let part = 0; part < outer; part++) {
    const start = part * length * step
    for (let at = 0; at < length; at++) {
      for (let inner = 0; inner < step; inner++) {
        let sum = 0
        for (let k = -reach; k <= reach; k++) {
          const from = Math.min(length - 1, Math.max(0, at + k))
          sum += kernel[k + reach]! * pixels[start + from * step + inner]!
        }
        result[start + at * step + inner] = sum
      }
    }
  }
  return result
}

/** Up to three standard deviations to either side; its sum is 1. */
function gaussian(deviation: number): Float64Array {
  const reach = Math.max(1, Math.ceil(3 * deviation))
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)),
  )
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}
