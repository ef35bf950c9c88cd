import type { Shape } from '../../../shared/network/shape'
import type { AxisMap } from '../../../shared/ops/axis-maps'
import type { Sides } from '../../../shared/ops/ops'
import type { KerasGraph, KerasValue } from './graph'
import { imageOf, isNone, sidesOf, type Value } from './values'

export type KerasShapes = ReturnType<typeof kerasShapes>

/** Layers that change a picture's shape or its values one by one, of which the others are put together. */
export function kerasShapes(graph: KerasGraph) {
  const activation = (name: string, x: Value, isPositive = false, part = '') =>
    graph.add('Activation', part, [x], x.shape, { activation: name }, [], isPositive)
  const rescaled = (part: string, x: Value, scale: number, offset: number) =>
    graph.add('Rescaling', part, [x], x.shape, { scale, offset })
  const permuted = (part: string, x: Value, dims: readonly number[]) => {
    const shape = dims.map((axis) => x.shape[axis - 1] ?? 1)
    return graph.add('Permute', part, [x], shape, { dims }, [], x.isPositive)
  }
  const reshaped = (part: string, x: Value, shape: Shape) =>
    graph.add('Reshape', part, [x], shape, { target_shape: shape }, [], x.isPositive)

  function padded(x: Value, sides: Sides): KerasValue {
    if (isNone(sides)) return x
    const { height, width, channels } = imageOf(x)
    const shape = [height + sides.top + sides.bottom, width + sides.left + sides.right, channels]
    return graph.add('ZeroPadding2D', 'pad', [x], shape, { padding: sidesOf(sides) }, [], x.isPositive)
  }

  function cropped(part: string, x: Value, sides: Sides): KerasValue {
    if (isNone(sides)) return x
    const { height, width, channels } = imageOf(x)
    const shape = [height - sides.top - sides.bottom, width - sides.left - sides.right, channels]
    return graph.add('Cropping2D', part, [x], shape, { cropping: sidesOf(sides) }, [], x.isPositive)
  }

  /** A matrix product over the last axis, which is not trained. */
  function product(part: string, x: Value, matrix: AxisMap): KerasValue {
    const [rows, columns] = [matrix[0]?.length ?? 0, matrix.length]
    const values = Float32Array.from(
      { length: rows * columns },
      (_, at) => matrix[at % columns]?.[Math.floor(at / columns)] ?? 0,
    )
    const config = { units: columns, activation: 'linear', use_bias: false, trainable: false }
    const kernel = { name: 'kernel', tensor: { shape: [rows, columns], values } }
    return graph.add('Dense', part, [x], [...x.shape.slice(0, -1), columns], config, [kernel], x.isPositive)
  }

  /** Both axes by a matrix `[out, in]` each. */
  function mapAxes(x: Value, rows: AxisMap, columns: AxisMap): KerasValue {
    const across = product('columns', permuted('turn', x, [1, 3, 2]), columns)
    const down = product('rows', permuted('turn', across, [3, 2, 1]), rows)
    return permuted('', down, [3, 1, 2])
  }

  return { activation, rescaled, permuted, reshaped, padded, cropped, mapAxes }
}
