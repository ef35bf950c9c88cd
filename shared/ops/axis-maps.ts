import type { AvgPoolOptions } from './ops'

/**
 * A linear map along one axis of an image, `[out][in]`: every output is the weighted sum of the inputs. Pooling into bins
 * and resizing are such maps, one per axis, in every engine.
 */
export type AxisMap = readonly (readonly number[])[]

/** torch.nn.AdaptiveAvgPool2d along one axis. */
export function adaptiveBins(input: number, output: number): AxisMap {
  return Array.from({ length: output }, (_, bin) => {
    const start = Math.floor((bin * input) / output)
    const end = Math.ceil(((bin + 1) * input) / output)
    return Array.from({ length: input }, (_, at) => (at >= start && at < end ? 1 / (end - start) : 0))
  })
}

/**
 * torch.nn.functional.interpolate along one axis, with its arithmetic in float32 (at::native, UpSample.h):
 * - nearest: output o copies input `floor(o · in / out)`;
 * - bilinear: o lies at `(o + 0.5) · in / out - 0.5`, at least 0, between two inputs;
 * - bilinear with `alignCorners`: o lies at `o · (in - 1) / (out - 1)`.
 */
export function interpolation(
  input: number,
  output: number,
  mode: 'nearest' | 'bilinear',
  alignCorners: boolean,
): AxisMap {
  const f = Math.fround
  return Array.from({ length: output }, (_, at) => {
    const row = Array<number>(input).fill(0)
    if (mode === 'nearest') {
      row[nearestSource(at, input, output)] = 1
      return row
    }
    const scale = alignCorners ? (output > 1 ? f((input - 1) / (output - 1)) : 0) : f(input / output)
    const place = alignCorners ? f(scale * at) : Math.max(0, f(f(scale * (at + 0.5)) - 0.5))
    const low = Math.min(Math.floor(place), input - 1)
    const high = Math.min(low + 1, input - 1)
    const share = Math.min(Math.max(f(place - low), 0), 1)
    row[low] = (row[low] ?? 0) + 1 - share
    row[high] = (row[high] ?? 0) + share
    return row
  })
}

function nearestSource(at: number, input: number, output: number): number {
  if (output === input) return at
  if (output === 2 * input) return Math.floor(at / 2)
  return Math.min(Math.floor(Math.fround(at * Math.fround(input / output))), input - 1)
}

/**
 * What torch.nn.AvgPool2d divides each window's sum by along one axis (0 vertical, 1 horizontal): the window's places
 * within the image, or within its padding too. A place counts once for each axis, so the divisor is the product.
 */
export function averageDivisors(size: number, axis: 0 | 1, options: AvgPoolOptions): number[] {
  const { padding, excess, countPadding } = options
  const [before, after] = axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right]
  const kernel = options.kernel[axis]
  const stride = options.stride[axis]
  const outputs = Math.floor((size + before + after + excess[axis] - kernel) / stride) + 1
  const [first, last] = countPadding ? [-before, size + after] : [0, size]
  return Array.from({ length: outputs }, (_, output) => {
    const start = output * stride - before
    return Math.min(start + kernel, last) - Math.max(start, first)
  })
}

/** torch.nn.AvgPool2d along one axis. */
export function averageWindows(size: number, axis: 0 | 1, options: AvgPoolOptions): AxisMap {
  const { padding, kernel, stride } = options
  const before = axis === 0 ? padding.top : padding.left
  return averageDivisors(size, axis, options).map((divisor, output) => {
    const start = output * stride[axis] - before
    return Array.from({ length: size }, (_, at) => (at >= start && at < start + kernel[axis] ? 1 / divisor : 0))
  })
}
