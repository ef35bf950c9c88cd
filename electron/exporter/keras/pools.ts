import { slide } from '../../../shared/layers/params'
import type { PoolOptions } from '../../../shared/ops/ops'
import type { KerasGraph, KerasValue } from './graph'
import type { KerasShapes } from './shapes'
import { imageOf, none, type Pair, type Value } from './values'

export function kerasPools(graph: KerasGraph, { cropped }: KerasShapes) {
  function pool(className: string, part: string, x: Value, kernel: Pair, stride: Pair): KerasValue {
    const { height, width } = slide(imageOf(x), { kernel, stride, padding: none, dilation: [1, 1] })
    const config = { pool_size: kernel, strides: stride, padding: 'valid', data_format: 'channels_last' }
    return graph.add(className, part, [x], [height, width, imageOf(x).channels], config, [], x.isPositive)
  }

  /** The largest of windows whose places lie apart: the maximum of pictures that are moved against each other. */
  function dilatedMaximum(x: Value, { kernel, stride, dilation }: PoolOptions): KerasValue {
    let value: KerasValue = x
    for (const axis of [0, 1] as const) {
      const size = value.shape[axis] ?? 1
      const outputs = Math.floor((size - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1
      const step: Pair = axis === 0 ? [stride[0], 1] : [1, stride[1]]
      const moved = Array.from({ length: kernel[axis] }, (_, place) => {
        const first = place * dilation[axis]
        const after = size - first - ((outputs - 1) * stride[axis] + 1)
        const sides = axis === 0 ? { ...none, top: first, bottom: after } : { ...none, left: first, right: after }
        const part = cropped(axis === 0 ? 'row' : 'column', value, sides)
        return stride[axis] === 1 ? part : pool('MaxPooling2D', axis === 0 ? 'rows' : 'columns', part, [1, 1], step)
      })
      const [first = value] = moved
      value =
        moved.length === 1
          ? first
          : graph.add('Maximum', axis === 0 ? 'down' : '', moved, first.shape, {}, [], x.isPositive)
    }
    return value
  }

  return { pool, dilatedMaximum }
}
