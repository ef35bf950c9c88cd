import { pad, reshape, slice, type Tensor } from '@tensorflow/tfjs-core'

/**
 * Puts `distance - 1` zeros between neighbours along `axis`. The result ends with a value: `(length - 1) · distance + 1`
 * along that axis.
 */
export function spread(x: Tensor, axis: number, distance: number): Tensor {
  if (distance === 1) return x
  const length = x.shape[axis] ?? 1
  const outer = product(x.shape.slice(0, axis))
  const inner = product(x.shape.slice(axis + 1))
  const apart = pad(reshape(x, [outer, length, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, distance - 1],
    [0, 0],
  ])
  const size = (length - 1) * distance + 1
  const ended = slice(reshape(apart, [outer, length * distance, inner]), [0, 0, 0], [outer, size, inner])
  return reshape(ended, x.shape.with(axis, size))
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}
