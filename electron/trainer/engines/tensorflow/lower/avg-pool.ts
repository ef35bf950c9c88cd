import { averageDivisors } from '../../../../../shared/ops/axis-maps'
import type { GraphBuilder, Out } from '../graph/graph'
import { multiply, sizesOf } from '../graph/math'
import { need, type Lowering } from './context'
import { padImage, poolWindow, type Pass } from './image-window'

/**
 * TensorFlow divides by all places of a window (`VALID`), so the picture is padded with zeros and the outputs whose window
 * should count fewer are made larger by a table.
 */
export const lowerAvgPool: Lowering<'avgPool'> = (context, { options }) => {
  const { graph } = context
  const x = need(context, 'x')
  const [, height = 1, width = 1] = x.out.dims
  const { top, bottom, left, right } = options.padding
  const [down, across] = options.excess
  const padded = padImage(graph, x.out, { top, bottom: bottom + down, left, right: right + across })
  const pooled = averagePooled(graph, padded.out, options.kernel, options.stride)
  const table = corrections(
    graph,
    averageDivisors(height, 0, options),
    averageDivisors(width, 1, options),
    options.kernel,
  )
  function backward(dy: Out) {
    return { x: padded.back(pooled.back(table ? multiply(graph, dy, table) : dy)) }
  }
  const out = table ? multiply(graph, pooled.out, table) : pooled.out
  return { value: { out, channels: x.channels }, backward }
}

/** Means of whole windows, and the way back. */
export function averagePooled(
  graph: GraphBuilder,
  x: Out,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): Pass {
  const { attrs, dims } = poolWindow(x, kernel, stride)
  return {
    out: graph.add('AvgPool', [x], attrs, { dims }),
    back: (gradient) => graph.add('AvgPoolGrad', [sizesOf(graph, x), gradient], attrs, { dims: x.dims }),
  }
}

/** `[1, rows, columns, 1]`, or null where every window counts all of its places. */
function corrections(
  graph: GraphBuilder,
  rows: readonly number[],
  columns: readonly number[],
  kernel: readonly [number, number],
): Out | null {
  const area = kernel[0] * kernel[1]
  const factors = rows.flatMap((row) => columns.map((column) => area / (row * column)))
  if (factors.every((factor) => factor === 1)) return null
  return graph.constant('float32', [1, rows.length, columns.length, 1], factors)
}
