import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CompiledNetwork, Engine } from '../../electron/trainer/engines/engine'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import type { LabelledImages } from '../../shared/data/dataset'
import type { NamedTensors } from '../../shared/formats/tensors'
import { requireSound, type SoundNetwork } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import type { OptimizerConfig } from '../../shared/training/config'
import { createRandom } from '../../shared/training/random'
import { unequalWeights } from './compare'
import { engines } from './engines'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const adam: OptimizerConfig = { type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 }
const data = noise(40)

describe.each(engines)('$name engine', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  async function compiled(network: SoundNetwork, seed: number, optimizer = adam): Promise<CompiledNetwork> {
    const loss = { type: 'cross-entropy', label_smoothing: 0 } as const
    const result = await engine.compile({ network, loss, optimizer, data })
    result.setWeights(initialWeights(network, 'pytorch', seed))
    return result
  }

  it('gives bit for bit the same weights for the same seed, and others for another', async () => {
    async function trained(seed: number): Promise<NamedTensors> {
      const network = await compiled(withDropout(0.3), seed)
      for (let step = 0; step < 6; step++) network.trainStep(stepInput(step, seed))
      const weights = network.getWeights()
      network.dispose()
      return weights
    }
    const first = await trained(7)
    expect(unequalWeights(await trained(7), first)).toEqual([])
    expect(unequalWeights(await trained(8), first)).toContain('fc.weight')
  })

  it('goes on bit for bit after its state moved to a new network', async () => {
    const whole = await compiled(withDropout(0.3), 3)
    for (let step = 0; step < 3; step++) whole.trainStep(stepInput(step, 3))
    const resumed = await compiled(withDropout(0.3), 99)
    resumed.setWeights(whole.getWeights())
    resumed.setOptimizerState(whole.getOptimizerState())
    for (let step = 3; step < 6; step++) {
      whole.trainStep(stepInput(step, 3))
      resumed.trainStep(stepInput(step, 3))
    }
    expect(unequalWeights(resumed.getWeights(), whole.getWeights())).toEqual([])
    expect(unequalWeights(resumed.getOptimizerState(), whole.getOptimizerState())).toEqual([])
    whole.dispose()
    resumed.dispose()
  })

  it('learns its pictures by heart', async () => {
    const network = await compiled(withDropout(0), 1, { ...adam, beta2: 0.99 })
    const before = network.evaluate(data, everyIndex())
    for (let step = 0; step < 60; step++) network.trainStep({ ...stepInput(step, 1), learningRate: 0.01 })
    const after = network.evaluate(data, everyIndex())
    expect(after.loss).toBeLessThan(before.loss / 4)
    expect(after.correct).toBeGreaterThan(36)
    network.dispose()
  })

  it('scores any count of pictures, by whatever parts it takes them in', async () => {
    const network = await compiled(withDropout(0.5), 2)
    const many = Int32Array.from({ length: 700 }, (_, index) => index % data.count)
    const each = Array.from(many, (index) => network.evaluate(data, Int32Array.of(index)))
    const all = network.evaluate(data, many)
    expect(all.correct).toBe(each.reduce((sum, score) => sum + score.correct, 0))
    expect(all.loss).toBeCloseTo(each.reduce((sum, score) => sum + score.loss, 0) / many.length, 4)
    network.dispose()
  })

  it('scores with class weights as one mean over all pictures, and survives labels that weigh nothing', async () => {
    const network = withDropout(0)
    const classWeights = [0, 3, 1, 0.5, 2, 0, 1, 1, 4, 0.25]
    for (const label_smoothing of [0, 0.2]) {
      const loss = { type: 'cross-entropy', label_smoothing } as const
      const result = await engine.compile({ network, loss, optimizer: adam, data, classWeights })
      result.setWeights(initialWeights(network, 'pytorch', 2))
      const many = Int32Array.from({ length: 700 }, (_, index) => (index * index) % data.count)
      const each = Array.from(many, (index) => result.evaluate(data, Int32Array.of(index)))
      const all = result.evaluate(data, many)
      expect(all.weight).toBeCloseTo(
        each.reduce((sum, { weight }) => sum + weight, 0),
        6,
      )
      // One picture's mean divides its own weight away; a picture that weighs nothing has no say of its own.
      if (label_smoothing === 0) {
        const total = each.reduce((sum, score) => sum + score.loss * score.weight, 0)
        expect(all.loss).toBeCloseTo(total / all.weight, 4)
      }
      const nothing = Int32Array.of(0, 5, 10, 15)
      expect(result.evaluate(data, nothing)).toMatchObject({ loss: 0, weight: 0 })
      const before = result.getWeights()
      expect(result.trainStep({ indices: nothing, learningRate: 0.1, seed: [0, 0] }).loss).toBe(0)
      expect(unequalWeights(result.getWeights(), before)).toEqual([])
      result.dispose()
    }
  })

  it('names every weight that does not fit', async () => {
    const network = await compiled(withDropout(0), 1)
    const weights = new Map(network.getWeights())
    weights.delete('fc.bias')
    weights.set('conv.bias', { shape: [3], values: new Float32Array(3) })
    weights.set('other.weight', { shape: [1], values: new Float32Array(1) })
    expect(() => network.setWeights(weights)).toThrow(/conv\.bias.*fc\.bias.*other\.weight/)
    expect(() => network.getWeight('nothing.weight')).toThrow(/nothing\.weight/)
    network.dispose()
  })

  it('keeps going where BatchNorm gets a single value per channel, which PyTorch refuses', async () => {
    const network = await compiled(singleValueNetwork(), 1)
    const { loss } = network.trainStep({ indices: Int32Array.of(3), learningRate: 0.01, seed: [1, 0] })
    expect(loss).toSatisfy(Number.isFinite)
    for (const [name, { values }] of network.getWeights()) expect(values.every(Number.isFinite), name).toBe(true)
    expect(network.getWeight('bn.running_var').values.every((value) => Math.abs(value - 0.9) < 1e-6)).toBe(true)
    network.dispose()
  })

  it('shows in the loss that a run has diverged', async () => {
    const network = await compiled(withDropout(0), 1, { type: 'sgd', weight_decay: 0 })
    const losses = [0, 1, 2, 3].map((step) => network.trainStep({ ...stepInput(step, 1), learningRate: 1e30 }).loss)
    expect(losses.filter((loss) => !Number.isFinite(loss))).not.toEqual([])
    network.dispose()
  })

  describe('dropout', () => {
    it('is the identity in evaluation mode', async () => {
      const [dropped, plain] = [await compiled(withDropout(0.6), 5), await compiled(withDropout(0), 5)]
      const picture = Float32Array.from({ length: 3 * 64 }, (_, i) => Math.sin(i))
      expect(dropped.predict(picture, 3)).toEqual(plain.predict(picture, 3))
      dropped.dispose()
      plain.dispose()
    })

    it('draws another mask for each step and layer, and the same one for the same seed', async () => {
      const network = await compiled(maskNetwork(0.5), 1)
      const masks = [maskOf(network, 1, 0), maskOf(network, 1, 1), maskOf(network, 2, 0)]
      expect(maskOf(network, 1, 0)).toEqual(masks[0])
      expect(masks[1]).not.toEqual(masks[0])
      expect(masks[2]).not.toEqual(masks[0])
      const renamed = await compiled(maskNetwork(0.5, 'other'), 1)
      expect(maskOf(renamed, 1, 0)).not.toEqual(masks[0])
      network.dispose()
      renamed.dispose()
    })

    it.each([0.1, 0.5, 0.9])('keeps the mean and drops a share of %d', async (rate) => {
      const network = await compiled(maskNetwork(rate), 1)
      const masks = Array.from({ length: 40 }, (_, step) => [...maskOf(network, 4, step)]).flat()
      const dropped = masks.filter((factor) => factor === 0).length / masks.length
      // Three standard deviations of a share of n draws.
      expect(Math.abs(dropped - rate)).toBeLessThan(3 * Math.sqrt((rate * (1 - rate)) / masks.length))
      for (const factor of masks) if (factor !== 0) expect(factor).toBeCloseTo(1 / (1 - rate), 4)
      network.dispose()
    })
  })
})

/** The mask of one training pass: a dense weight's gradient is its input, here a white picture of ones, times the bias's. */
function maskOf(network: CompiledNetwork, seed: number, step: number): Float32Array {
  const { gradients } = network.gradients({ indices: Int32Array.of(0), seed: [seed, step] })
  const [weight, bias] = [gradients.get('fc.weight'), gradients.get('fc.bias')]
  if (!weight || !bias) throw new Error('the network has no "fc"')
  const features = weight.shape[1] ?? 0
  return Float32Array.from({ length: features }, (_, i) => (weight.values[i] ?? 0) / (bias.values[0] ?? 0))
}

function maskNetwork(rate: number, name = 'drop'): SoundNetwork {
  return network([
    { id: name, kind: 'dropout', params: { p: rate } },
    { id: 'flatten', kind: 'flatten' },
    { id: 'fc', kind: 'linear', params: { out_features: 10 } },
  ])
}

function singleValueNetwork(): SoundNetwork {
  return network([
    { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 8 } },
    { id: 'bn', kind: 'batch_norm2d' },
    { id: 'flatten', kind: 'flatten' },
    { id: 'fc', kind: 'linear', params: { out_features: 10 } },
  ])
}

function withDropout(rate: number): SoundNetwork {
  return network([
    { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3 } },
    { id: 'relu1', kind: 'relu' },
    { id: 'drop1', kind: 'dropout', params: { p: rate } },
    { id: 'flatten', kind: 'flatten' },
    { id: 'drop2', kind: 'dropout', params: { p: rate } },
    { id: 'fc', kind: 'linear', params: { out_features: 10 } },
  ])
}

function network(layers: readonly { id: string; kind: string; params?: object }[]): SoundNetwork {
  const input = { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } }
  const chain = [input, ...layers].map((layer, index, all) => ({ ...layer, inputs: index ? [all[index - 1]?.id] : [] }))
  return requireSound(readNetwork({ format: 'convscope.network', version: 1, name: 'Test', layers: chain }, 'test'))
}

/** Noise, but for the first picture, which is white. */
function noise(count: number): LabelledImages {
  const random = createRandom('pictures')
  const images = Uint8Array.from({ length: count * 64 }, (_, i) => (i < 64 ? 255 : random.uint32() & 255))
  return { count, shape: [8, 8, 1], images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) }
}

function everyIndex(): Int32Array {
  return Int32Array.from({ length: data.count }, (_, index) => index)
}

function stepInput(step: number, seed: number) {
  const indices = Int32Array.from({ length: step % 3 === 2 ? 5 : 16 }, (_, i) => (i * 7 + step) % data.count)
  return { indices, learningRate: 1e-3, seed: [seed, step] as const }
}
