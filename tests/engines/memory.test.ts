import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import { requireSound } from '../../shared/network/analyze'
import { estimateTrainingMemory } from '../../shared/network/memory'
import { readNetwork } from '../../shared/network/parse'
import { engines } from './engines'

/** Batches whose activations are far more than what the process holds anyway. */
const batchSize = 320
const [height, width, channels] = [32, 32, 3]

/** Resident memory in bytes, as Linux counts it: now (`VmRSS`) or at its highest (`VmHWM`). */
function resident(key: 'VmRSS' | 'VmHWM'): number {
  return 1024 * Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}

const tensorflow = engines.find(({ name }) => name === 'tensorflow')

describe.skipIf(process.platform !== 'linux' || !tensorflow)('the estimate of the training memory', () => {
  it('is near the peak of real training steps', async () => {
    const convolution = (id: string, input: string, out: number) => [
      { id, kind: 'conv2d', params: { out_channels: out, padding: 1 }, inputs: [input] },
      { id: `bn_${id}`, kind: 'batch_norm2d', inputs: [id] },
      { id: `relu_${id}`, kind: 'relu', inputs: [`bn_${id}`] },
    ]
    const layers = [
      { id: 'input', kind: 'input', params: { height, width, channels } },
      ...convolution('a', 'input', 32),
      ...convolution('b', 'relu_a', 32),
      { id: 'pool', kind: 'max_pool2d', inputs: ['relu_b'] },
      ...convolution('c', 'pool', 64),
      { id: 'flat', kind: 'flatten', inputs: ['relu_c'] },
      { id: 'fc', kind: 'linear', inputs: ['flat'] },
    ]
    const network = requireSound(readNetwork({ format: 'convscope.network', version: 1, name: 'Test', layers }, 'test'))
    const engine = await tensorflow?.create()
    if (!engine) throw new Error('there is no TensorFlow')
    const images = new Uint8Array(batchSize * height * width * channels).map((_, at) => at % 251)
    const labels = new Uint8Array(batchSize).map((_, at) => at % 10)
    const data = { count: batchSize, shape: [height, width, channels], images, labels } as const
    writeFileSync('/proc/self/clear_refs', '5')
    const before = resident('VmRSS')
    const compiled = await engine.compile({
      network,
      data,
      loss: { type: 'cross-entropy', label_smoothing: 0 },
      optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 },
    })
    compiled.setWeights(initialWeights(network, 'pytorch', 1))
    for (let step = 1; step <= 2; step++) {
      compiled.trainStep({ indices: Int32Array.from(labels.keys()), learningRate: 1e-3, seed: [1, step] })
    }
    const measured = resident('VmHWM') - before
    compiled.dispose()
    const estimated = estimateTrainingMemory(network, batchSize, 'adam').total
    expect(Math.abs(estimated - measured) / measured, `${estimated} estimated, ${measured} measured`).toBeLessThan(0.35)
  }, 120_000)
})
