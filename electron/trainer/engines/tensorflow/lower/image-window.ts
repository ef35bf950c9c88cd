import type { Sides } from '../../../../../shared/ops/ops'
import type { Attr, GraphBuilder, Out } from '../graph/graph'
import { everyNth, padWith, sizesOf, slice } from '../graph/math'

/** A value and the way back for its gradient. */
export interface Pass {
  readonly out: Out
  back(gradient: Out): Out
}

/** `value` around an image on its four sides; the image itself where there are none. */
export function padImage(graph: GraphBuilder, x: Out, { top, bottom, left, right }: Sides, value = 0): Pass {
  if (top + bottom + left + right === 0) return { out: x, back: (gradient) => gradient }
  const [, height = 1, width = 1, channels = 1] = x.dims
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as const
  return {
    out: padWith(graph, x, paddings, value),
    back: (gradient) => slice(graph, gradient, [0, top, left, 0], [-1, height, width, channels]),
  }
}

/** What TensorFlow's pooling ops are told about whole windows over `x`, and the dims of their output. */
export function poolWindow(
  x: Out,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): { attrs: Record<string, Attr>; dims: number[] } {
  const [, height = 1, width = 1, channels = 1] = x.dims
  const rows = Math.floor((height - kernel[0]) / stride[0]) + 1
  const columns = Math.floor((width - kernel[1]) / stride[1]) + 1
  const attrs: Record<string, Attr> = {
    T: { type: 'float32' },
    ksize: { ints: [1, ...kernel, 1] },
    strides: { ints: [1, ...stride, 1] },
    padding: { text: 'VALID' },
  }
  return { attrs, dims: [-1, rows, columns, channels] }
}

/** Every stride-th row and column of an image. */
export function thinned(graph: GraphBuilder, x: Out, stride: readonly [number, number]): Pass {
  const steps = [1, stride[0], stride[1], 1]
  const all = [0, 0, 0, 0]
  const out = everyNth(graph, x, steps)
  return {
    out,
    back: (gradient) =>
      graph.add(
        'StridedSliceGrad',
        [sizesOf(graph, x), graph.ints(all), graph.ints(all), graph.ints(steps), gradient],
        { T: { type: 'float32' }, Index: { type: 'int32' }, begin_mask: { int: 15 }, end_mask: { int: 15 } },
        { dims: x.dims },
      ),
  }
}
