import type { LabelledImages } from '../../shared/data/dataset'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { CompiledNetwork, Engine, StepInput } from './engines/engine'
import { gatherBatch } from './engines/pictures'
import { networkWeights } from './engines/weights/names'

/** The first layer that has something that is not finite. */
export interface Culprit {
  readonly layer: string
  readonly what: 'weight' | 'output' | 'gradient' | 'loss'
  /** Such as `conv1.weight`; null for outputs and the loss. */
  readonly weight: string | null
}

/** Layers whose outputs are held at once. */
const layersAtOnce = 6

/**
 * Looks for the layer at which numbers ceased to be finite, on the batch of the step that failed and with the weights that it
 * began with: the first one, from the input on, that has such a weight, then the first with such an output in training mode;
 * where all are finite, the first gradient on the way back from the loss. Where those are, too, it is the loss of the last
 * layer's outputs. Works by slices, between which `rest` lets the process breathe.
 */
export async function findCulprit(
  engine: Pick<Engine, 'probe'>,
  network: SoundNetwork,
  compiled: Pick<CompiledNetwork, 'getWeights' | 'gradients'>,
  data: LabelledImages,
  { indices, seed }: Omit<StepInput, 'learningRate'>,
  rest: () => Promise<void>,
): Promise<Culprit> {
  const weights = compiled.getWeights()
  const names = networkWeights(network).map(({ name }) => name)
  const layerOf = (name: string) => name.slice(0, name.lastIndexOf('.'))
  const broken = names.find((name) => hasNotFinite(weights.get(name)?.values))
  if (broken !== undefined) return { layer: layerOf(broken), what: 'weight', weight: broken }

  const probe = await engine.probe(network, seed)
  try {
    probe.setWeights(weights)
    const batch = gatherBatch(data, indices)
    const layers = network.layers.map(({ node }) => node.id)
    for (let start = 0; start < layers.length; start += layersAtOnce) {
      const some = layers.slice(start, start + layersAtOnce)
      const outputs = probe.activations(batch.pictures, batch.count, some)
      const found = some.find((layer) => hasNotFinite(outputs.get(layer)?.values))
      if (found !== undefined) return { layer: found, what: 'output', weight: null }
      await rest()
    }
  } finally {
    probe.dispose()
  }
  const { gradients } = compiled.gradients({ indices, seed })
  const steep = names.findLast((name) => hasNotFinite(gradients.get(name)?.values))
  if (steep !== undefined) return { layer: layerOf(steep), what: 'gradient', weight: steep }
  return { layer: network.output.node.id, what: 'loss', weight: null }
}

/** One pass without a branch, since 0 · x is 0 for every finite x. */
function hasNotFinite(values: Float32Array | undefined): boolean {
  let probe = 0
  for (const value of values ?? []) probe += 0 * value
  return probe !== 0
}
