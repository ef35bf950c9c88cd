import type { DType, GraphBuilder, Out } from './graph/graph'
import { identity } from './graph/math'

/** A value that lives in the session. Set it by running `confirm` with `feed` fed; it reads as `value`. */
export interface Variable {
  readonly name: string
  readonly dims: readonly number[]
  readonly handle: Out
  readonly value: Out
  readonly feed: Out
  /** An output that is there once the fed value is stored. */
  readonly confirm: Out
}

export function addVariable(
  graph: GraphBuilder,
  name: string,
  dims: readonly number[],
  dtype: DType = 'float32',
): Variable {
  return graph.within(`variables/${name}`, () => {
    const handle = graph.add(
      'VarHandleOp',
      [],
      {
        dtype: { type: dtype },
        shape: { shape: dims },
        shared_name: { text: name },
        container: { text: '' },
      },
      { dims: [], dtype: 'resource' },
    )
    const value = graph.add('ReadVariableOp', [handle], { dtype: { type: dtype } }, { dims, dtype })
    const feed = graph.add('Placeholder', [], { dtype: { type: dtype }, shape: { shape: dims } }, { dims, dtype })
    const stored = graph.act('AssignVariableOp', [handle, feed], { dtype: { type: dtype } })
    return { name, dims, handle, value, feed, confirm: identity(graph, graph.scalar(1), [stored]) }
  })
}
