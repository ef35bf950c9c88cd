import { matMul, reshape, tensor, type Tensor } from '@tensorflow/tfjs-core'
import { adaptiveBins, interpolation, type AxisMap } from '../../../../../shared/ops/axis-maps'
import type { ResizeOptions } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'

export function adaptiveAvgPool(tape: Tape, x: Value, [rows, columns]: readonly [number, number]): Value {
  const [, height = 1, width = 1] = x.tensor.shape
  return mapped(tape, x, adaptiveBins(height, rows), adaptiveBins(width, columns))
}

export function resize(tape: Tape, x: Value, { size: [rows, columns], mode, alignCorners }: ResizeOptions): Value {
  const [, height = 1, width = 1] = x.tensor.shape
  const along = (from: number, to: number) => interpolation(from, to, mode, alignCorners)
  return mapped(tape, x, along(height, rows), along(width, columns))
}

/** Rows first, then columns. */
function mapped(tape: Tape, x: Value, rows: AxisMap, columns: AxisMap): Value {
  return mappedAxis(tape, mappedAxis(tape, x, rows, 1), columns, 2)
}

/** A matrix product along one axis; the transposed matrix leads the gradient back. */
function mappedAxis(tape: Tape, x: Value, map: AxisMap, axis: 1 | 2): Value {
  const shape = x.tensor.shape
  const before = product(shape.slice(0, axis))
  const after = product(shape.slice(axis + 1))
  const matrix = tensor(map.flat(), [1, map.length, shape[axis] ?? 1])
  const product3d = (values: Tensor, back: boolean) =>
    matMul(matrix, reshape(values, [before, -1, after]), back) // prettier-ignore
  const y = reshape(product3d(x.tensor, false), shape.with(axis, map.length))
  return tape.record(y, [x], (dy) => [reshape(product3d(dy, true), shape)])
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}
