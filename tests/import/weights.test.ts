import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEagerEngine } from '../../electron/trainer/engines/eager/engine'
import type { NamedTensors } from '../../shared/formats/tensors'
import { importOnnx } from '../../shared/import/onnx'
import { readWeightFile } from '../../shared/import/weights/file'
import { mappedWeights, matchWeights, type WeightMapping } from '../../shared/import/weights/mapping'
import { weightTargets } from '../../shared/import/weights/targets'
import { requireSound } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { readNetwork } from '../../shared/network/parse'
import { runConfigSchema } from '../../shared/training/config'
import { relativeDifference } from '../engines/compare'

const folder = join(import.meta.dirname, 'data')
const { loss, optimizer } = runConfigSchema.parse({})

function bytesOf(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(folder, name)))
}

function json<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
}

async function logitsOf(document: NetworkDocument, weights: NamedTensors, pictures: Float32Array, count: number) {
  const engine = await createEagerEngine(null)
  const network = await engine.compile({ network: requireSound(document), loss, optimizer, data: null })
  network.setWeights(weights)
  const logits = network.predict(pictures, count)
  network.dispose()
  return logits
}

function mapped(document: NetworkDocument, file: string): { weights: NamedTensors; mapping: WeightMapping } {
  const targets = weightTargets(requireSound(document))
  const read = readWeightFile(bytesOf(file), file)
  const mapping = matchWeights(targets, read)
  return { weights: mappedWeights(targets, read, mapping), mapping }
}

/** make_keras_weights.py's model, under names of our own. */
const twin = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'twin',
    layers: [
      { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } },
      { id: 'stem', kind: 'conv2d', params: { out_channels: 4, bias: false }, inputs: ['input'] },
      { id: 'norm', kind: 'batch_norm2d', inputs: ['stem'] },
      { id: 'r1', kind: 'relu', inputs: ['norm'] },
      { id: 'deep', kind: 'conv2d', params: { out_channels: 4, groups: 4, padding: 1 }, inputs: ['r1'] },
      { id: 'point', kind: 'conv2d', params: { out_channels: 6, kernel_size: 1 }, inputs: ['deep'] },
      { id: 'r2', kind: 'relu', inputs: ['point'] },
      { id: 'pool', kind: 'max_pool2d', params: { kernel_size: 2, stride: 2 }, inputs: ['r2'] },
      { id: 'flat', kind: 'flatten', inputs: ['pool'] },
      { id: 'hidden', kind: 'linear', params: { out_features: 54 }, inputs: ['flat'] },
      { id: 'r3', kind: 'relu', inputs: ['hidden'] },
      { id: 'out', kind: 'linear', params: { out_features: 10 }, inputs: ['r3'] },
    ],
  },
  'twin',
)

describe('weights of other programs', () => {
  it('of Keras, as npz, compute what Keras did', async () => {
    const { weights, mapping } = mapped(twin, 'keras.npz')
    expect(Object.fromEntries([...mapping].map(([name, { turn }]) => [name, turn]))).toMatchObject({
      'stem.weight': 'hwio',
      'deep.weight': 'depthwise',
      'point.weight': 'hwio',
      'hidden.weight': 'transposed-flatten',
      'out.weight': 'transposed',
      'norm.running_var': 'none',
    })
    const { pictures, logits } = json<{ pictures: number[]; logits: number[] }>('keras-logits.json')
    expect(relativeDifference(await logitsOf(twin, weights, Float32Array.from(pictures), 3), logits)).toBeLessThan(1e-5)
  })

  it.each(['exported', 'traced'])('of ONNX compute what the importer reads: %s.onnx', (name) => {
    const bytes = bytesOf(`${name}.onnx`)
    const { document, weights: expected } = importOnnx(bytes, `${name}.onnx`, {
      height: 28,
      width: 28,
      channels: 1,
    })
    const { weights } = mapped(document, `${name}.onnx`)
    const unlike = [...(expected ?? [])].filter(
      ([tensor, { values }]) => relativeDifference(weights.get(tensor)?.values ?? [NaN], values) > 0,
    )
    expect(expected?.size).toBeGreaterThan(3)
    expect(unlike.map(([tensor]) => tensor)).toEqual([])
  })
})
