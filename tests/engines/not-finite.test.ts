import { beforeAll, describe, expect, it } from 'vitest'
import { findCulprit } from '../../electron/trainer/culprit'
import type { CompiledNetwork, Engine } from '../../electron/trainer/engines/engine'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import type { LabelledImages } from '../../shared/data/dataset'
import type { NamedTensors } from '../../shared/formats/tensors'
import { requireSound } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import type { LossConfig } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { unequalWeights } from './compare'
import { engines } from './engines'

const network = requireSound(
  readNetwork(
    {
      format: 'convscope.network',
      version: 1,
      name: 'Overflow',
      layers: [
        { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } },
        { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3 }, inputs: ['input'] },
        { id: 'bn', kind: 'batch_norm2d', inputs: ['conv'] },
        { id: 'relu', kind: 'relu', inputs: ['bn'] },
        { id: 'flatten', kind: 'flatten', inputs: ['relu'] },
        { id: 'drop', kind: 'dropout', params: { p: 0.3 }, inputs: ['flatten'] },
        { id: 'fc1', kind: 'linear', params: { out_features: 12 }, inputs: ['drop'] },
        { id: 'act', kind: 'relu', inputs: ['fc1'] },
        { id: 'fc2', kind: 'linear', params: { out_features: 10 }, inputs: ['act'] },
      ],
    },
    'test',
  ),
)
const data = noise(16)
const step = { indices: Int32Array.from({ length: 16 }, (_, i) => i), seed: [3, 1] } as const

describe.each(engines)('what is not finite, $name engine', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  async function compiled(loss: LossConfig['type'], change: (weights: NamedTensors) => void): Promise<CompiledNetwork> {
    const result = await engine.compile({
      network,
      loss: loss === 'mse' ? { type: 'mse' } : { type: 'cross-entropy', label_smoothing: 0 },
      optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
      data,
    })
    const weights = initialWeights(network, 'pytorch', 1)
    change(weights)
    result.setWeights(weights)
    return result
  }

  /** Weights that are set to one value, or multiplied. */
  const cases = [
    { loss: 'cross-entropy', change: { 'fc1.weight': NaN }, found: ['fc1', 'weight', 'fc1.weight'] },
    { loss: 'cross-entropy', change: { 'bn.running_var': Infinity }, found: ['bn', 'weight', 'bn.running_var'] },
    { loss: 'cross-entropy', change: { 'fc1.bias': 1e30, 'fc2.weight': 1e30 }, found: ['fc2', 'output', null] },
    { loss: 'cross-entropy', change: { 'bn.weight': 3e38 }, found: ['bn', 'output', null] },
    // Tiny features times huge weights: outputs that fit, but a gradient on its way to the first layer that does not.
    {
      loss: 'mse',
      change: { 'fc1.weight': 0, 'fc1.bias': 1e-7, 'fc2.weight': 1e25, 'fc2.bias': 0 },
      found: ['fc1', 'gradient', 'fc1.bias'],
    },
    { loss: 'mse', change: { 'fc2.bias': 1e25 }, found: ['fc2', 'loss', null] },
  ] as const

  it.each(cases)('$found.0: $found.1', async ({ loss, change, found }) => {
    const result = await compiled(loss, (weights) => {
      for (const [name, value] of Object.entries(change)) weights.get(name)?.values.fill(value)
    })
    const [layer, what, weight] = found
    const culprit = await findCulprit(engine, network, result, data, step, () => Promise.resolve())
    expect(culprit).toEqual({ layer, what, weight })
    result.dispose()
  })

  it('changes nothing in a step whose loss is not finite, and goes on when it is again', async () => {
    const result = await compiled('cross-entropy', () => undefined)
    result.trainStep({ ...step, learningRate: 0.01 })
    const healthy = result.getWeights()
    const slots = new Map(result.getOptimizerState())
    const sick = new Map([...healthy].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]))
    sick.get('fc2.bias')?.values.fill(NaN)
    result.setWeights(sick)
    expect(result.trainStep({ ...step, learningRate: 0.01 }).loss).toBeNaN()
    expect(unequalWeights(result.getWeights(), sick)).toEqual([])
    const after = new Map(result.getOptimizerState())
    for (const state of [slots, after]) state.delete('step')
    expect(unequalWeights(after, slots)).toEqual([])
    result.setWeights(healthy)
    expect(result.trainStep({ ...step, learningRate: 0.01 }).loss).toSatisfy(Number.isFinite)
    expect(unequalWeights(result.getWeights(), healthy)).toContain('conv.weight')
    result.dispose()
  })
})

function noise(count: number): LabelledImages {
  const random = createRandom('pictures')
  const images = Uint8Array.from({ length: count * 64 }, () => random.uint32() & 255)
  return { count, shape: [8, 8, 1], images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) }
}
