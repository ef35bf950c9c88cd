import type { ExportSource } from '../../electron/exporter/format'
import { createEagerEngine } from '../../electron/trainer/engines/eager/engine'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import type { NamedTensors } from '../../shared/formats/tensors'
import { requireSound, type SoundNetwork } from '../../shared/network/analyze'
import { elementCount } from '../../shared/network/shape'
import { runConfigSchema } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { cases } from '../codegen/cases'

export const pictureCount = 5

/**
 * Initial weights, kernels twice as large so that the picture outweighs the biases, and those that start at 0 or 1 moved,
 * so that no two of them can be taken for each other.
 */
export function weightsOf(network: SoundNetwork): NamedTensors {
  const random = createRandom('codegen')
  const starts = new Map(
    network.layers.flatMap(({ node, weights }) => weights.map(({ name, init }) => [`${node.id}.${name}`, init.type])),
  )
  const changed = [...initialWeights(network, 'pytorch', 1)].map(([name, { shape, values }]) => {
    const start = starts.get(name)
    const moved = start === 'constant' ? values.map((value) => value + 0.8 * random.uniform() - 0.3) : values
    return [name, { shape, values: start === 'kernel' ? values.map((value) => 2 * value) : moved }] as const
  })
  return new Map(changed)
}

/** float32 NHWC, from -1 to 1. */
export function picturesOf(network: SoundNetwork): Float32Array {
  const random = createRandom('pictures')
  return Float32Array.from({ length: pictureCount * elementCount(network.input.shape) }, () => 2 * random.uniform() - 1)
}

export function sourceOf(name: string): ExportSource {
  const document = cases[name]
  if (!document) throw new Error(`there is no case "${name}"`)
  const network = requireSound(document)
  const about = { run: `run of ${name}`, moment: 'epoch-0001', version: 'test' }
  return { network, weights: weightsOf(network), about, config: runConfigSchema.parse({}), project: null }
}

const { loss, optimizer } = runConfigSchema.parse({})

/** The app's own outputs, in plain JavaScript. */
export async function expectedOutputs({ network, weights }: ExportSource): Promise<Float32Array> {
  const engine = await createEagerEngine(null)
  const compiled = await engine.compile({ network, loss, optimizer, data: null })
  compiled.setWeights(weights)
  const outputs = compiled.predict(picturesOf(network), pictureCount)
  compiled.dispose()
  return outputs
}
