import type { KernelsAnswer } from '../../../shared/inspect/answers'
import { AppError } from '../../../shared/errors'

/** The kernels of a convolution. */
export interface KernelSet {
  readonly layer: string
  /** How many kernels there are. */
  readonly count: number
  /** Channels that each of them sees. */
  readonly channels: number
  readonly height: number
  readonly width: number
  /** `[count, channels, height, width]` */
  readonly values: Float32Array
}

/** Throws `internal` where the shape is not `[out, in, height, width]`. */
export function kernelSet({ layer, shape, values }: KernelsAnswer): KernelSet {
  const [count, channels, height, width] = shape
  if (count === undefined || channels === undefined || height === undefined || width === undefined) {
    throw new AppError('internal', `The weight of ${layer} has the shape (${shape.join(', ')}), which is no kernel's.`)
  }
  return { layer, count, channels, height, width, values }
}

/** Whether two sets can be compared kernel by kernel. */
export function isAlike(a: KernelSet, b: KernelSet): boolean {
  return a.count === b.count && a.channels === b.channels && a.height === b.height && a.width === b.width
}

/** `a − b`, value by value. */
export function differenceOf(a: KernelSet, b: KernelSet): KernelSet {
  return { ...a, values: a.values.map((value, index) => value - (b.values[index] ?? 0)) }
}

/** All weights of one kernel, or of one of its channels. */
export function weightsOf(set: KernelSet, kernel: number, channel: number | null = null): Float32Array {
  const plane = set.height * set.width
  const size = set.channels * plane
  if (channel === null) return set.values.subarray(kernel * size, (kernel + 1) * size)
  return set.values.subarray(kernel * size + channel * plane, kernel * size + (channel + 1) * plane)
}
