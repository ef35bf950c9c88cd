import type { GraphBuilder, Out } from '../graph/graph'
import { identity } from '../graph/math'

/** Keeps what changes weights from running in a step whose loss is not finite. */
export interface Gate {
  /** A node to wait for; with a loss that is not finite neither it nor what waits for it runs. */
  readonly open: string
  /** The loss, once `changes` have run or have been left out. */
  after(changes: readonly string[]): Out
}

export function finiteGate(graph: GraphBuilder, loss: Out): Gate {
  return graph.within('gate', () => {
    const float = { T: { type: 'float32' } } as const
    const finite = graph.add('IsFinite', [loss], float, { dims: [], dtype: 'bool' })
    const [broken, fine] = graph.addMany('Switch', [loss, finite], float, [{ dims: [] }, { dims: [] }])
    if (!broken || !fine) throw new RangeError('a switch has two outputs')
    return {
      open: identity(graph, fine).node,
      after: (changes) =>
        graph.within('gate', () => {
          const changed = identity(graph, fine, changes)
          return graph.add('Merge', [broken, changed], { ...float, N: { int: 2 } }, { dims: [] })
        }),
    }
  })
}
