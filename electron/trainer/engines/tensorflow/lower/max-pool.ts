import type { GraphBuilder, Out } from '../graph/graph'
import { need, type Lowering } from './context'
import { padImage, poolWindow, thinned, type Pass } from './image-window'

/**
 * Padding by minus infinity and dilation by interleaved grids, since TensorFlow's op knows neither: with dilation the picture
 * is cut into grids of every d-th value, each pooled at stride 1, put together again and thinned out by the stride.
 */
export const lowerMaxPool: Lowering<'maxPool'> = (context, { options }) => {
  const { graph } = context
  const x = need(context, 'x')
  const passes: Pass[] = []
  let current = x.out
  function through(pass: Pass): void {
    passes.push(pass)
    current = pass.out
  }
  through(padImage(graph, current, options.padding, -Infinity))
  if (options.dilation[0] === 1 && options.dilation[1] === 1) {
    through(pooled(graph, current, options.kernel, options.stride))
  } else {
    const [, height = 1, width = 1] = current.dims
    const grids = toGrids(graph, current, options.dilation)
    through(grids)
    through(pooled(graph, current, options.kernel, [1, 1]))
    const rows = height - options.dilation[0] * (options.kernel[0] - 1)
    const columns = width - options.dilation[1] * (options.kernel[1] - 1)
    through(fromGrids(graph, current, options.dilation, [rows, columns]))
    if (options.stride[0] > 1 || options.stride[1] > 1) through(thinned(graph, current, options.stride))
  }
  const backward = (dy: Out) => ({ x: passes.reduceRight((gradient, pass) => pass.back(gradient), dy) })
  return { value: { out: current, channels: x.channels }, backward }
}

function pooled(
  graph: GraphBuilder,
  x: Out,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): Pass {
  const { attrs, dims } = poolWindow(x, kernel, stride)
  const out = graph.add('MaxPool', [x], attrs, { dims })
  return { out, back: (gradient) => graph.add('MaxPoolGrad', [x, out, gradient], attrs, { dims: x.dims }) }
}

const blockTypes = { T: { type: 'float32' }, Tblock_shape: { type: 'int32' } } as const

/** `[n · d · d, h / d, w / d, c]`: one grid for each offset; filled up with minus infinity first. */
function toGrids(graph: GraphBuilder, x: Out, dilation: readonly [number, number]): Pass {
  const [, height = 1, width = 1, channels = 1] = x.dims
  const missing = [
    (dilation[0] - (height % dilation[0])) % dilation[0],
    (dilation[1] - (width % dilation[1])) % dilation[1],
  ]
  const [down = 0, across = 0] = missing
  const full = padImage(graph, x, { top: 0, bottom: down, left: 0, right: across }, -Infinity)
  const zeros = graph.constant('int32', [2, 2], [0, 0, 0, 0])
  const block = graph.ints(dilation)
  const dims = [-1, (height + down) / dilation[0], (width + across) / dilation[1], channels]
  const types = { ...blockTypes, Tpaddings: { type: 'int32' } } as const
  const back = { ...blockTypes, Tcrops: { type: 'int32' } } as const
  return {
    out: graph.add('SpaceToBatchND', [full.out, block, zeros], types, { dims }),
    back: (gradient) => full.back(graph.add('BatchToSpaceND', [gradient, block, zeros], back, { dims: full.out.dims })),
  }
}

/** Puts grids together again and keeps the first `rows` and `columns`. */
function fromGrids(
  graph: GraphBuilder,
  x: Out,
  dilation: readonly [number, number],
  size: readonly [number, number],
): Pass {
  const [, height = 1, width = 1, channels = 1] = x.dims
  const cut = [height * dilation[0] - size[0], width * dilation[1] - size[1]]
  const [down = 0, across = 0] = cut
  const crops = graph.constant('int32', [2, 2], [0, down, 0, across])
  const block = graph.ints(dilation)
  const types = { ...blockTypes, Tcrops: { type: 'int32' } } as const
  const back = { ...blockTypes, Tpaddings: { type: 'int32' } } as const
  return {
    out: graph.add('BatchToSpaceND', [x, block, crops], types, { dims: [-1, size[0], size[1], channels] }),
    back: (gradient) => graph.add('SpaceToBatchND', [gradient, block, crops], back, { dims: x.dims }),
  }
}
