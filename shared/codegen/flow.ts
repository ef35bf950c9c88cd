import type { AnalyzedLayer, SoundNetwork } from '../network/analyze'
import type { CodeContext } from './layer-code'
import { variableNames } from './names'

/** A layer with the variables that its code reads and writes. */
export interface FlowStep {
  readonly layer: AnalyzedLayer
  readonly context: CodeContext<AnalyzedLayer['params']>
}

/**
 * The layers in order with their variables: what only the next layer reads is `x`, as one writes it by hand; what is read
 * later keeps a variable named by its layer. `input` names the pictures' own variable; null treats them like any layer.
 */
export function flowOf(network: SoundNetwork, input: string | null, taken: readonly string[]): FlowStep[] {
  const name = variableNames(['x', ...(input === null ? [] : [input]), ...taken])
  const { layers } = network
  const readers = new Map<string, number[]>()
  for (const [place, { node }] of layers.entries()) {
    for (const id of new Set(node.inputs)) readers.set(id, [...(readers.get(id) ?? []), place])
  }
  const variables = new Map<string, string>()
  return layers.map((layer, place) => {
    const { id, inputs } = layer.node
    const next = readers.get(id) ?? []
    const passing = next.length === 0 || (next.length === 1 && next[0] === place + 1)
    const output = layer === network.input && input !== null ? input : passing ? 'x' : name(id)
    variables.set(id, output)
    const [first = output, ...others] = inputs.map((from) => variables.get(from) ?? from)
    const { params, inputShapes, shape } = layer
    return { layer, context: { layer: id, params, inputShapes, shape, inputs: [first, ...others], output } }
  })
}
