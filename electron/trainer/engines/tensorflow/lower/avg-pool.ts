import { averageDivisors } from '../../../../../shared/ops/axis-maps'
import type { Attr, GraphBuilder, Out } from '../graph/graph'
import { multiply, pad, sizesOf, slice } from '../graph/math'
import { need, type Lowering } from './context'

/**
 * TensorFlow divides by all places of a window (`VALID`), so the picture is padded with zeros and the outputs whose window
 * should count fewer are made larger by a table.
 */
export const lowerAvgPool: Lowering<'avgPool'> = (context, { options }) => {
  const { graph, mode } = context
  const x = need(context, 'x')
  const [, height = 1, width = 1, channels = 1] = x.out.dims
  const { top, bottom, left, right } = options.padding
  const [down, across] = options.excess
  const sides = [top, bottom + down, left, right + across] as const
  const isPadded = sides.some((side) => side > 0)
  const whole = isPadded
    ? pad(graph, x.out, [
        [0, 0],
        [sides[0], sides[1]],
        [sides[2], sides[3]],
        [0, 0],
      ])
    : x.out
  const pooled = averagePooled(graph, whole, options.kernel, options.stride)
  const table = corrections(
    graph,
    averageDivisors(height, 0, options),
    averageDivisors(width, 1, options),
    options.kernel,
  )
  function backward(dy: Out) {
    const gradient = pooled.back(table ? multiply(graph, dy, table) : dy)
    return { x: isPadded ? slice(graph, gradient, [0, top, left, 0], [-1, height, width, channels]) : gradient }
  }
  const out = table ? multiply(graph, pooled.out, table) : pooled.out
  return { value: { out, channels: x.channels }, backward: mode === 'train' ? backward : null }
}

/** Means of whole windows, and the way back. */
export function averagePooled(
  graph: GraphBuilder,
  x: Out,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): { out: Out; back: (gradient: Out) => Out } {
  const attrs: Record<string, Attr> = {
    T: { type: 'float32' },
    ksize: { ints: [1, ...kernel, 1] },
    strides: { ints: [1, ...stride, 1] },
    padding: { text: 'VALID' },
  }
  const [, height = 1, width = 1, channels = 1] = x.dims
  const rows = Math.floor((height - kernel[0]) / stride[0]) + 1
  const columns = Math.floor((width - kernel[1]) / stride[1]) + 1
  return {
    out: graph.add('AvgPool', [x], attrs, { dims: [-1, rows, columns, channels] }),
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
