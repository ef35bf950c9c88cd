import { z } from 'zod'
import type { Sides } from '../ops/ops'
import type { ImageShape } from '../network/shape'

/** `[vertical, horizontal]`; one number stands for both, as in PyTorch. */
export function pair(min: number, max = 4096) {
  const one = z.int().min(min).max(max)
  return z.union([one.transform((n): [number, number] => [n, n]), z.tuple([one, one])])
}

/** PyTorch's padding: numbers per axis, or `same` and `valid`. */
export const paddingSchema = z.union([z.literal('same'), z.literal('valid'), pair(0)])
export type Padding = z.infer<typeof paddingSchema>

/**
 * Padding in numbers. `same` follows torch.nn.Conv2d: `dilation · (kernel - 1)` in all, the odd one at the bottom and right.
 */
export function resolvePadding(
  padding: Padding,
  kernel: readonly [number, number],
  dilation: readonly [number, number],
): Sides {
  if (padding === 'valid') return { top: 0, bottom: 0, left: 0, right: 0 }
  if (padding === 'same') {
    const vertical = dilation[0] * (kernel[0] - 1)
    const horizontal = dilation[1] * (kernel[1] - 1)
    const top = Math.floor(vertical / 2)
    const left = Math.floor(horizontal / 2)
    return { top, bottom: vertical - top, left, right: horizontal - left }
  }
  return { top: padding[0], bottom: padding[0], left: padding[1], right: padding[1] }
}

/** Output length along one axis: `floor((size + padding - dilation · (kernel - 1) - 1) / stride) + 1`. Below 1 means it does not fit. */
export function windowedSize(size: number, kernel: number, stride: number, padding: number, dilation: number): number {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1
}

/** Height and width after a window slides over an image. */
export function slide(
  image: Pick<ImageShape, 'height' | 'width'>,
  window: {
    kernel: readonly [number, number]
    stride: readonly [number, number]
    padding: Sides
    dilation: readonly [number, number]
  },
): { height: number; width: number } {
  const { kernel, stride, padding, dilation } = window
  return {
    height: windowedSize(image.height, kernel[0], stride[0], padding.top + padding.bottom, dilation[0]),
    width: windowedSize(image.width, kernel[1], stride[1], padding.left + padding.right, dilation[1]),
  }
}

export interface PoolParams {
  readonly kernel_size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly ceil_mode: boolean
}

/**
 * Output size of a pooling layer, and the rows and columns by which its windows reach beyond the padded picture:
 * `ceil_mode` rounds up, but as in PyTorch no window starts beyond the picture and the padding above and left of it.
 */
export function poolWindows(
  image: ImageShape,
  p: PoolParams,
): { height: number; width: number; excess: readonly [number, number] } {
  const [height, down] = pooledAxis(image.height, p, 0)
  const [width, across] = pooledAxis(image.width, p, 1)
  return { height, width, excess: [down, across] }
}

function pooledAxis(size: number, p: PoolParams, axis: 0 | 1): [size: number, excess: number] {
  const stride = p.stride[axis]
  const span = p.dilation[axis] * (p.kernel_size[axis] - 1) + 1
  const padded = size + 2 * p.padding[axis]
  if (!p.ceil_mode) return [Math.floor((padded - span) / stride) + 1, 0]
  let outputs = Math.ceil((padded - span) / stride) + 1
  if ((outputs - 1) * stride >= size + p.padding[axis]) outputs -= 1
  return [outputs, Math.max(0, (outputs - 1) * stride + span - padded)]
}

/** Output length of a transposed convolution along one axis. Below 1 means that its padding cuts all of it away. */
export function transposedSize(
  size: number,
  kernel: number,
  p: { stride: number; padding: number; outputPadding: number; dilation: number },
): number {
  return (size - 1) * p.stride - 2 * p.padding + p.dilation * (kernel - 1) + p.outputPadding + 1
}
