import { beforeAll, describe, expect, it, vi } from 'vitest'
import { loadSplit } from '../../electron/data/datasets'
import type { Engine } from '../../electron/trainer/engines/engine'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import type { LabelledImages } from '../../shared/data/dataset'
import { analyzeNetwork, requireSound } from '../../shared/network/analyze'
import { parseNetwork } from '../../shared/network/parse'
import { networkWarnings } from '../../shared/network/warnings'
import { createRandom } from '../../shared/training/random'
import { engines } from './engines'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const files = import.meta.glob<string>('../../resources/templates/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})
const reference = import.meta.glob<string>('../../resources/networks/reference.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})
const templates = Object.entries(files).map(([path, text]) => {
  const id = path.replace(/^.*\/|\.json$/g, '')
  return { id, text, document: parseNetwork(text, id) }
})
const pictureCount = 256
const batchSize = 32
const steps = 12

describe('the templates', () => {
  it('are those that the issue asks for', () => {
    expect(templates.map(({ id }) => id).sort()).toEqual([
      'all-convolutional',
      'lenet5',
      'mobilenet',
      'reference',
      'resnet',
      'squeeze-excitation',
      'vgg-small',
    ])
  })

  it('begin with the reference network itself', () => {
    expect(templates.find(({ id }) => id === 'reference')?.text).toBe(Object.values(reference)[0])
  })

  it.each(templates)('$id is sound, warns of nothing that hurts, and ends in 10 classes', ({ document }) => {
    const analysis = analyzeNetwork(document)
    expect(analysis.problems).toEqual([])
    expect(networkWarnings(analysis).filter(({ level }) => level === 'warning')).toEqual([])
    expect(analysis.output?.shape).toEqual([10])
  })

  it('repeat the blocks of ResNet and MobileNet', () => {
    const counts = templates.map(({ id, document }) => [
      id,
      requireSound(document).layers.length - document.layers.length,
    ])
    expect(counts.filter(([, count]) => count !== 0)).toEqual([
      ['mobilenet', 3],
      ['resnet', 7],
    ])
  })
})

describe.each(engines)('$name engine', ({ name, create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  // Plain JavaScript takes minutes for the larger ones.
  const tried = templates.filter(({ id }) => name !== 'eager' || id === 'lenet5' || id === 'squeeze-excitation')
  it.each(tried)('lets $id learn', async ({ document }) => {
    const network = requireSound(document)
    const data = network.input.shape[2] === 1 ? digits() : patterns()
    const compiled = await engine.compile({
      network,
      data,
      loss: { type: 'cross-entropy', label_smoothing: 0 },
      optimizer: { type: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 },
    })
    compiled.setWeights(initialWeights(network, 'pytorch', 1))
    const losses = Array.from({ length: steps }, (_, step) => {
      const indices = Int32Array.from({ length: batchSize }, (_, at) => (step * batchSize + at) % pictureCount)
      return compiled.trainStep({ indices, learningRate: 3e-3, seed: [1, step + 1] }).loss
    })
    compiled.dispose()
    const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length
    expect(mean(losses.slice(-3)), losses.map((loss) => loss.toFixed(2)).join(' ')).toBeLessThan(
      0.85 * mean(losses.slice(0, 3)),
    )
  })
})

function digits(): LabelledImages {
  const { shape, images, labels } = loadSplit('mnist', 'train')
  const [height, width, channels] = shape
  return {
    count: pictureCount,
    shape,
    images: images.subarray(0, pictureCount * height * width * channels),
    labels: labels.subarray(0, pictureCount),
  }
}

/** 32 × 32 colour pictures of noise, each class with a bar of its own height and colour. */
function patterns(): LabelledImages {
  const random = createRandom('templates')
  const labels = Uint8Array.from({ length: pictureCount }, (_, at) => at % 10)
  const images = Uint8Array.from({ length: pictureCount * 32 * 32 * 3 }, (_, at) => {
    const label = labels[Math.floor(at / (32 * 32 * 3))] ?? 0
    const row = Math.floor(at / (32 * 3)) % 32
    const inBar = Math.floor(row / 6) === label % 5 && (at % 3 === 0) === label < 5
    return Math.floor(random.uniform() * 100) + (inBar ? 150 : 0)
  })
  return { count: pictureCount, shape: [32, 32, 3], images, labels }
}
