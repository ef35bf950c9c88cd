import type { SoundNetwork } from '../../../../shared/network/analyze'
import type { StepInput } from '../engine'
import { engineShape } from '../weights/layout'
import { GraphBuilder, type Out } from './graph/graph'
import { lowerProgram, type LoweredProgram } from './lower/lower-program'
import { programUpTo, stepsFromInput, weightsOf, type WeightRef } from './program/program'
import type { RecordedProgram } from './program/record'
import { addVariable, type Variable } from './variables'

export interface ProbeGraph {
  readonly graph: GraphBuilder
  readonly weights: readonly (WeightRef & { readonly variable: Variable })[]
  /** Normalised, float32 NHWC. */
  readonly pictures: Out
  readonly lowered: LoweredProgram
  /** How much each value of the step `of` counts; null without gradients. */
  readonly seed: Out | null
  /** By step: each layer's that `of` depends on. */
  readonly gradients: ReadonlyMap<number, Out>
}

/**
 * A network as it was recorded, so that every layer's own output is there: in evaluation mode, or in training mode with the
 * masks of `seed`. With a step `of` the graph ends at it and leads back from it to the layers before.
 */
export function compileProbe(
  network: SoundNetwork,
  recorded: RecordedProgram,
  of: number | null,
  masks?: StepInput['seed'],
): ProbeGraph {
  const graph = new GraphBuilder()
  const program = of === null ? recorded : programUpTo(recorded, of)
  const kept = new Set(program.steps.map(({ id }) => id))
  const weights = weightsOf(program).map((ref) => ({
    ...ref,
    variable: addVariable(graph, ref.name, engineShape(ref.spec)),
  }))
  const variables = new Map(weights.map(({ name, variable }) => [name, variable.value]))
  const pictures = placeholder(graph, [-1, ...network.input.shape])
  function weight(name: string): Out {
    const value = variables.get(name)
    if (!value) throw new RangeError(`no variable ${name}`)
    return value
  }
  // No mask is drawn in evaluation.
  const inputs = { pictures, seed: graph.ints(masks ?? [0, 0]), weight }
  const layers = [...new Set(recorded.layers.values())].filter((step) => kept.has(step))
  const options = { wanted: stepsFromInput(program), seen: new Set(layers) }
  const lowered = lowerProgram(graph, program, masks ? 'train' : 'evaluate', inputs, options)
  if (of === null) return { graph, weights, pictures, lowered, seed: null, gradients: new Map() }

  const seed = placeholder(graph, lowered.output(of).dims)
  const found = lowered.gradientsOf(of, seed, layers)
  const gradients = new Map(layers.flatMap((step, at): [number, Out][] => (found[at] ? [[step, found[at]]] : [])))
  return { graph, weights, pictures, lowered, seed, gradients }
}

function placeholder(graph: GraphBuilder, dims: readonly number[]): Out {
  return graph.add('Placeholder', [], { dtype: { type: 'float32' }, shape: { shape: dims } }, { dims })
}
