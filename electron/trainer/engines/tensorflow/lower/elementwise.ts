import { hashWords } from '../../../../../shared/training/random'
import type { Out } from '../graph/graph'
import { batchOf, cast, multiply, sizesOf, unary } from '../graph/math'
import { need, type Lowering } from './context'

export const lowerRelu: Lowering<'relu'> = (context) => {
  const { graph } = context
  const x = need(context, 'x')
  const out = unary(graph, 'Relu', x.out)
  const backward = (dy: Out) => ({
    x: graph.add('ReluGrad', [dy, out], { T: { type: 'float32' } }, { dims: out.dims }),
  })
  return { value: { out, channels: x.channels }, backward }
}

/** Masks depend on the step's seed and the layer's name only, so that a resumed run draws the same ones. */
export const lowerDropout: Lowering<'dropout'> = (context, { rate, layer, channels }) => {
  const { graph, mode, seed } = context
  const x = need(context, 'x')
  if (mode === 'evaluate' || rate === 0) return { value: x, backward: (dy) => ({ x: dy }) }
  const salt = graph.constant('int32', [2], [hashWords([layer], 1) | 0, hashWords([layer], 2) | 0])
  const key = graph.add('BitwiseXor', [seed, salt], { T: { type: 'int32' } }, { dims: [2], dtype: 'int32' })
  const width = x.out.dims.at(-1) ?? x.channels
  const sizes = channels ? batchOf(graph, x.out, [1, 1, width]) : sizesOf(graph, x.out)
  const dims = channels ? [-1, 1, 1, width] : x.out.dims
  const drawn = graph.add(
    'StatelessRandomUniform',
    [sizes, key],
    { dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } },
    { dims },
  )
  const kept = graph.add(
    'GreaterEqual',
    [drawn, graph.scalar(rate)],
    { T: { type: 'float32' } },
    { dims, dtype: 'bool' },
  )
  const mask = multiply(graph, cast(graph, kept, 'float32'), graph.scalar(1 / (1 - rate)))
  const backward = (dy: Out) => ({ x: multiply(graph, dy, mask) })
  return { value: { out: multiply(graph, x.out, mask), channels: x.channels }, backward }
}
