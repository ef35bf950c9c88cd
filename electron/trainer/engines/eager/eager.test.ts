import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { requireSound } from '../../../../shared/network/analyze'
import { readNetwork } from '../../../../shared/network/parse'
import { initialWeights } from '../weights/initial'
import { createEagerEngine } from './engine'

const layers = [
  { id: 'input', kind: 'input', params: { height: 6, width: 6, channels: 1 }, inputs: [] },
  { id: 'conv', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3, dilation: 2 }, inputs: ['input'] },
  { id: 'bn', kind: 'batch_norm2d', inputs: ['conv'] },
  { id: 'pool', kind: 'max_pool2d', params: { padding: 1, dilation: 2 }, inputs: ['bn'] },
  { id: 'drop', kind: 'dropout', inputs: ['pool'] },
  { id: 'flatten', kind: 'flatten', inputs: ['drop'] },
  { id: 'fc', kind: 'linear', params: { out_features: 3 }, inputs: ['flatten'] },
]
const network = requireSound(readNetwork({ format: 'convscope.network', version: 1, name: 'Test', layers }, 'test'))
const data = {
  count: 8,
  shape: [6, 6, 1] as const,
  images: Uint8Array.from({ length: 8 * 36 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 8 }, (_, i) => i % 3),
}
const indices = Int32Array.of(0, 1, 2, 3, 4)

async function compiled(withData = true) {
  const engine = await createEagerEngine(null)
  const result = await engine.compile({
    network,
    loss: { type: 'mse' },
    optimizer: { type: 'momentum', momentum: 0.9, weight_decay: 0 },
    data: withData ? data : null,
  })
  result.setWeights(initialWeights(network, 'he', 1))
  return result
}

describe('the eager engine', () => {
  it('passes on why it was taken', async () => {
    const notice = 'TensorFlow is missing; training on the plain JavaScript engine is slow'
    const { report } = await createEagerEngine(notice)
    expect(report).toMatchObject({ id: 'eager', device: 'CPU', notice })
    expect(report.version).toMatch(/^TensorFlow\.js \d+\.\d+/)
  })

  it('leaves no tensor behind', async () => {
    const result = await compiled()
    const before = memory().numTensors
    for (let step = 0; step < 3; step++) {
      result.trainStep({ indices, learningRate: 0.01, seed: [1, step] })
      result.gradients({ indices, seed: [1, step] })
      result.evaluate(data, indices)
      result.predict(new Float32Array(2 * 36), 2)
      result.setWeights(result.getWeights())
      result.setOptimizerState(result.getOptimizerState())
    }
    expect(memory().numTensors).toBe(before)
  })

  it('does not share memory with the weights it was given or gave', async () => {
    const result = await compiled()
    const given = initialWeights(network, 'he', 1)
    result.setWeights(given)
    const before = result.getWeights()
    result.trainStep({ indices, learningRate: 0.1, seed: [1, 0] })
    expect(given).toEqual(initialWeights(network, 'he', 1))
    expect(before).toEqual(given)
    expect(result.getWeight('fc.weight')).not.toEqual(before.get('fc.weight'))
  })

  it('says what is wrong with a call', async () => {
    const result = await compiled(false)
    expect(() => result.trainStep({ indices, learningRate: 0.1, seed: [0, 0] })).toThrow(/only predict/)
    expect(() => result.predict(new Float32Array(35), 1)).toThrow(/1 pictures have 36 values, not 35/)
    expect(() => result.evaluate(data, Int32Array.of(8))).toThrow(/no picture 8 among 8/)
    expect(() => result.setOptimizerState(new Map())).toThrow(/"step" is missing/)
  })
})
