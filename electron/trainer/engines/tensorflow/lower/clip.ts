import type { GraphBuilder, Out } from '../graph/graph'
import { add, addAll, divide, minimum, multiply } from '../graph/math'

/**
 * Gradients scaled together so that their L2 norm is at most `most`, as torch.nn.utils.clip_grad_norm_: times
 * `min(1, most / (norm + 1e-6))`. Null adds nothing to the graph. Pascanu et al. 2013.
 */
export function clipGradients(
  graph: GraphBuilder,
  gradients: ReadonlyMap<string, Out>,
  most: number | null,
): ReadonlyMap<string, Out> {
  if (most === null || gradients.size === 0) return gradients
  return graph.within('clip', () => {
    const scalar = { dims: [] }
    const float = { T: { type: 'float32' } } as const
    // L2Loss is half the sum of the squares, in one pass and without an array of squares.
    const halves = [...gradients.values()].map((gradient) => graph.add('L2Loss', [gradient], float, scalar))
    const norm = graph.add('Sqrt', [multiply(graph, addAll(graph, halves), graph.scalar(2))], float, scalar)
    const factor = divide(graph, graph.scalar(most), add(graph, norm, graph.scalar(1e-6)))
    const bounded = minimum(graph, factor, graph.scalar(1))
    return new Map([...gradients].map(([name, gradient]) => [name, multiply(graph, gradient, bounded)]))
  })
}
