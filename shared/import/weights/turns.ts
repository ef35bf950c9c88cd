import type { NamedTensor } from '../../formats/tensors'
import { elementCount, type ImageShape, type Shape } from '../../network/shape'
import type { WeightTarget } from './targets'

/**
 * How a tensor of a file becomes one of PyTorch's layout.
 * - `hwio`: height, width, in, out (Keras, TensorFlow) to out, in, height, width
 * - `depthwise`: Keras' height, width, in, multiplier
 * - `hwc`: one value for each place, channels last
 * - `transposed`: in, out to out, in
 * - `flatten`: columns numbered row, column, channel to channel, row, column
 * - `reshaped`: only sizes of 1 differ, or a kernel of the whole picture is written as a matrix
 */
export const turns = [
  'none',
  'hwio',
  'depthwise',
  'hwc',
  'transposed',
  'flatten',
  'transposed-flatten',
  'reshaped',
] as const
export type Turn = (typeof turns)[number]

/** Every way in which a tensor of `shape` fits, the likeliest first; empty where none does. */
export function turnsThatFit(shape: Shape, target: WeightTarget, channelsLast: boolean): Turn[] {
  const wanted = target.spec.shape
  const found: Turn[] = []
  if (same(shape, wanted)) found.push('none')
  switch (target.spec.layout) {
    case 'conv':
    case 'conv_transpose': {
      if (same(permuted(shape, [3, 2, 0, 1]), wanted)) found.push('hwio')
      const [height, width, channels = 0, multiplier = 0] = shape
      if (channels > 1 && shape.length === 4 && same([channels * multiplier, 1, height ?? 0, width ?? 0], wanted))
        found.push('depthwise')
      break
    }
    case 'image':
      if (same(permuted(shape, [2, 0, 1]), wanted)) found.push('hwc')
      break
    case 'linear':
      if (target.flattened && same(shape, wanted)) found.push('flatten')
      if (shape.length === 2 && same([...shape].reverse(), wanted)) {
        found.push('transposed')
        if (target.flattened) found.push('transposed-flatten')
      }
      break
    case 'vector':
      break
  }
  if (found.length === 0 && isReshaped(shape, wanted)) found.push('reshaped')
  // In such a file the same sizes mean another order.
  const rank = (turn: Turn) => (channelsLast ? preferredChannelsLast.indexOf(turn) : 0)
  return found.sort((a, b) => rank(a) - rank(b))
}

const preferredChannelsLast: readonly Turn[] = [
  'depthwise',
  'hwio',
  'hwc',
  'transposed-flatten',
  'transposed',
  'flatten',
  'none',
  'reshaped',
]

function same(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function permuted(shape: Shape, axes: readonly number[]): Shape {
  return shape.length === axes.length ? axes.map((axis) => shape[axis] ?? 0) : []
}

function isReshaped(shape: Shape, wanted: Shape): boolean {
  if (elementCount(shape) !== elementCount(wanted)) return false
  const solid = (sizes: Shape) => sizes.filter((size) => size !== 1)
  if (same(solid(shape), solid(wanted))) return true
  return wanted.length === 2 && shape.length === 4 && shape[0] === wanted[0]
}

/** The tensor in PyTorch's layout, as a copy. `turn` is one that fits. */
export function turned({ shape, values }: NamedTensor, target: WeightTarget, turn: Turn): NamedTensor {
  const wanted = target.spec.shape
  switch (turn) {
    case 'none':
    case 'reshaped':
      return { shape: wanted, values: values.slice() }
    case 'hwio':
      return permute(values, shape, [3, 2, 0, 1])
    case 'depthwise':
      return { shape: wanted, values: permute(values, shape, [2, 3, 0, 1]).values }
    case 'hwc':
      return permute(values, shape, [2, 0, 1])
    case 'transposed':
      return permute(values, shape, [1, 0])
    case 'flatten':
      return columnsToTorch({ shape, values }, target.flattened)
    case 'transposed-flatten':
      return columnsToTorch(permute(values, shape, [1, 0]), target.flattened)
  }
}

function permute(values: Float32Array, shape: Shape, axes: readonly number[]): NamedTensor {
  const sizes = axes.map((axis) => shape[axis] ?? 1)
  const strides = axes.map((axis) => elementCount(shape.slice(axis + 1)))
  const result = new Float32Array(values.length)
  const place = sizes.map(() => 0)
  let from = 0
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from] ?? 0
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += strides[axis] ?? 0
      place[axis] = (place[axis] ?? 0) + 1
      if (place[axis] !== sizes[axis]) break
      from -= (strides[axis] ?? 0) * (sizes[axis] ?? 0)
      place[axis] = 0
    }
  }
  return { shape: sizes, values: result }
}

/** `[out, height · width · channels]` to `[out, channels · height · width]`. */
function columnsToTorch(
  { shape: [rows = 0, columns = 0], values }: NamedTensor,
  image: ImageShape | null,
): NamedTensor {
  const shape = [rows, columns]
  if (!image) return { shape, values }
  const { height, width, channels } = image
  return { shape, values: permute(values, [rows, height, width, channels], [0, 3, 1, 2]).values }
}
