import type { NamedTensors } from '../../../../shared/formats/tensors'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { engineShape } from '../weights/layout'
import { intoGraph } from '../weights/exchange'
import { loadBinding, loadProtobuf } from './binding'
import { GraphBuilder, type Out } from './graph/graph'
import { serializeGraph } from './graph/saved-model'
import { lowerProgram } from './lower/lower-program'
import { weightsOf } from './program/program'
import { recordProgram } from './program/record'

/** Names in the signature `serving_default`. */
const names = { input: 'pictures', output: 'outputs' } as const

/**
 * The bytes of a `saved_model.pb` that runs a network in evaluation mode, its weights constants of the graph. The signature
 * `serving_default` takes `pictures`, float32 NHWC as they enter, and gives `outputs`.
 */
export function servingModel(network: SoundNetwork, weights: NamedTensors): Uint8Array {
  const graph = new GraphBuilder()
  const program = recordProgram(network)
  const constants = new Map(
    weightsOf(program).map((ref) => {
      const values = weights.get(ref.name)?.values
      if (!values) throw new RangeError(`there is no weight "${ref.name}"`)
      return [ref.name, constant(graph, engineShape(ref.spec), intoGraph(ref, values))]
    }),
  )
  const dims = [-1, ...network.input.shape]
  const pictures = graph.add('Placeholder', [], { dtype: { type: 'float32' }, shape: { shape: dims } }, { dims })
  function weight(name: string): Out {
    const value = constants.get(name)
    if (!value) throw new RangeError(`no constant ${name}`)
    return value
  }
  // No mask is drawn in evaluation, and nobody asks for gradients.
  const inputs = { pictures, seed: graph.ints([0, 0]), weight }
  const { logits } = lowerProgram(graph, program, 'evaluate', inputs, { wanted: new Set() })
  return serializeGraph(graph.nodes, { inputs: { [names.input]: pictures }, outputs: { [names.output]: logits } })
}

/** Not shared by its values, as small constants are: comparing millions of numbers takes longer than keeping them twice. */
function constant(graph: GraphBuilder, dims: readonly number[], values: Float32Array): Out {
  const value = { constant: { dtype: 'float32' as const, dims, values } }
  return graph.add('Const', [], { dtype: { type: 'float32' }, value }, { dims })
}

interface TensorInfo {
  getName(): string
}
interface ReadModel {
  getMetaGraphsList(): {
    getSignatureDefMap(): {
      get(name: string): { getInputsMap(): InfoMap; getOutputsMap(): InfoMap } | undefined
    }
  }[]
}
interface InfoMap {
  get(name: string): TensorInfo | undefined
}

export interface ServingModel {
  /** Such as `TensorFlow 2.21.0`. */
  readonly version: string
  run(pictures: Float32Array, shape: readonly number[]): Float32Array
  close(): void
}

/** Loads a SavedModel by TensorFlow and runs its signature, found in the file's own bytes. Throws `engine-missing`. */
export function openServingModel(folder: string, bytes: Uint8Array): ServingModel {
  const binding = loadBinding()
  const { SavedModel } = loadProtobuf() as { SavedModel: { deserializeBinary(bytes: Uint8Array): ReadModel } }
  const [graph] = SavedModel.deserializeBinary(bytes).getMetaGraphsList()
  const signature = graph?.getSignatureDefMap().get('serving_default')
  const input = signature?.getInputsMap().get(names.input)?.getName()
  const output = signature?.getOutputsMap().get(names.output)?.getName()
  if (input === undefined || output === undefined) throw new Error(`${folder} has no signature serving_default`)
  const model = binding.loadSavedModel(folder, 'serve')
  return {
    version: `TensorFlow ${binding.TF_Version}`,
    run(pictures, shape) {
      // A copy, because TensorFlow may hold on to it.
      const entering = binding.createTensor(shape, binding.TF_FLOAT, pictures.slice())
      try {
        const [result] = binding.runSavedModel(model, [entering], input, output)
        if (!result) throw new Error('TensorFlow gave nothing')
        const values = binding.tensorDataSync(result.id)
        binding.deleteTensor(result.id)
        return values as Float32Array
      } finally {
        binding.deleteTensor(entering)
      }
    },
    close: () => binding.deleteSavedModel(model),
  }
}
