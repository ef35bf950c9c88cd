import { adaptiveBins, interpolation, type AxisMap } from '../../../../../shared/ops/axis-maps'
import type { GraphBuilder, Out } from '../graph/graph'
import { batchMatMul, mean, multiply, reshape } from '../graph/math'
import { averagePooled } from './avg-pool'
import { need, type LoweredStep, type Lowering, type LoweringContext } from './context'

interface Pass {
  readonly out: Out
  back(gradient: Out): Out
}

export const lowerAdaptiveAvgPool: Lowering<'adaptiveAvgPool'> = (context, { size }) =>
  throughPasses(context, (graph, x) => {
    const [, height = 1, width = 1] = x.dims
    const [rows, columns] = size
    if (rows === 1 && columns === 1) return [wholeMean(graph, x)]
    if (height % rows === 0 && width % columns === 0) {
      const bin = [height / rows, width / columns] as const
      return [averagePooled(graph, x, bin, bin)]
    }
    return mapped(graph, x, adaptiveBins(height, rows), adaptiveBins(width, columns))
  })

export const lowerResize: Lowering<'resize'> = (context, { options }) =>
  throughPasses(context, (graph, x) => {
    const [, height = 1, width = 1] = x.dims
    const { size, mode, alignCorners } = options
    if (mode === 'nearest') return [nearest(graph, x, size)]
    const along = (from: number, to: number) => interpolation(from, to, mode, alignCorners)
    return mapped(graph, x, along(height, size[0]), along(width, size[1]))
  })

function throughPasses(context: LoweringContext, build: (graph: GraphBuilder, x: Out) => readonly Pass[]): LoweredStep {
  const x = need(context, 'x')
  const passes = build(context.graph, x.out)
  const backward = (dy: Out) => ({ x: passes.reduceRight((gradient, pass) => pass.back(gradient), dy) })
  const out = passes.at(-1)?.out ?? x.out
  return { value: { out, channels: x.channels }, backward }
}

/** Rows first, then columns, each as a matrix product; its transpose leads back. */
function mapped(graph: GraphBuilder, x: Out, rows: AxisMap, columns: AxisMap): Pass[] {
  const vertical = mappedAxis(graph, x, rows, 1)
  return [vertical, mappedAxis(graph, vertical.out, columns, 2)]
}

function mappedAxis(graph: GraphBuilder, x: Out, map: AxisMap, axis: 1 | 2): Pass {
  const [, height = 1, width = 1, channels = 1] = x.dims
  const from = axis === 1 ? height : width
  const after = axis === 1 ? width * channels : channels
  const matrix = graph.constant('float32', [1, map.length, from], map.flat())
  const dims = axis === 1 ? [-1, map.length, width, channels] : [-1, height, map.length, channels]
  return {
    out: reshape(graph, batchMatMul(graph, matrix, reshape(graph, x, [-1, from, after])), dims),
    back: (gradient) =>
      reshape(
        graph,
        batchMatMul(graph, matrix, reshape(graph, gradient, [-1, map.length, after]), { a: true }),
        x.dims,
      ),
  }
}

function wholeMean(graph: GraphBuilder, x: Out): Pass {
  const [, height = 1, width = 1] = x.dims
  const count = height * width
  const shares = graph.constant('float32', [1, height, width, 1], Array<number>(count).fill(1 / count))
  return {
    out: mean(graph, x, [1, 2], true),
    back: (gradient) => multiply(graph, gradient, shares),
  }
}

/** TensorFlow's op takes PyTorch's source pixel, in the same float arithmetic. */
function nearest(graph: GraphBuilder, x: Out, size: readonly [number, number]): Pass {
  const [, height = 1, width = 1, channels = 1] = x.dims
  const attrs = { T: { type: 'float32' }, align_corners: { bool: false }, half_pixel_centers: { bool: false } } as const
  return {
    out: graph.add('ResizeNearestNeighbor', [x, graph.ints(size)], attrs, { dims: [-1, ...size, channels] }),
    back: (gradient) =>
      graph.add('ResizeNearestNeighborGrad', [gradient, graph.ints([height, width])], attrs, { dims: x.dims }),
  }
}
