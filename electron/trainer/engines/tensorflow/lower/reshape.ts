import type { GraphBuilder, Out } from '../graph/graph'
import { reshape, transpose } from '../graph/math'
import { exactly, need, withoutPadding, type Lowering } from './context'
import { padImage } from './image-window'

export const lowerZeroPad: Lowering<'zeroPad'> = (context, { sides }) => {
  const { graph } = context
  const x = need(context, 'x')
  const { out, back } = padImage(graph, x.out, sides)
  const backward = (dy: Out) => ({ x: back(dy) })
  return { value: { out, channels: x.channels }, backward }
}

export const lowerReshape: Lowering<'reshape'> = (context) => {
  const { graph, step } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const before = x.out.dims.slice(1)
  const backward = (dy: Out) => ({ x: x.back(reordered(graph, dy, before)) })
  return { value: exactly(reordered(graph, x.out, step.shape)), backward }
}

/** To `[n, ...shape]` with the values in PyTorch's order on both sides, channel first. */
function reordered(graph: GraphBuilder, x: Out, shape: readonly number[]): Out {
  const planes = x.dims.length === 4 ? transpose(graph, x, [0, 3, 1, 2]) : x
  const [height, width, channels] = shape
  if (height === undefined || width === undefined || channels === undefined)
    return reshape(graph, planes, [-1, ...shape])
  return transpose(graph, reshape(graph, planes, [-1, channels, height, width]), [0, 2, 3, 1])
}
