import referenceText from '../../resources/networks/reference.json?raw'
import type { Moments } from '../../shared/inspect/source'
import type { DatasetEntry, RunSummary } from '../../shared/ipc/contract'
import type { NetworkDocument } from '../../shared/network/document'
import { parseNetwork } from '../../shared/network/parse'
import { runConfigSchema } from '../../shared/training/config'
import type { Kernels } from '../../shared/training/messages'
import { createRandom } from '../../shared/training/random'
import type { EpochResult } from '../../shared/training/state'

// What main would answer, for tests and for looking at the screens.

export function referenceNetwork(): NetworkDocument {
  return parseNetwork(referenceText, 'reference.json')
}

export const mnistEntry: DatasetEntry = {
  info: {
    id: 'mnist',
    title: 'MNIST',
    shape: [28, 28, 1],
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    counts: { train: 60000, test: 10000 },
  },
  problem: null,
}

export const fashionEntry: DatasetEntry = {
  info: {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST',
    shape: [28, 28, 1],
    classes: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    counts: { train: 60000, test: 10000 },
  },
  problem: {
    kind: 'data-missing',
    message: 'train-images-idx3-ubyte is not in the data folder of fashion-mnist.',
    fix: 'Install the Debian package dataset-fashion-mnist, or put the four IDX files there.',
    params: {},
  },
}

export function sampleRun(part: Partial<RunSummary> = {}): RunSummary {
  return {
    id: crypto.randomUUID(),
    name: 'Reference CNN on MNIST',
    networkName: 'Reference CNN',
    config: runConfigSchema.parse({}),
    state: { type: 'running' },
    createdAt: Date.now() - 60_000,
    endedAt: null,
    engine: { id: 'tensorflow', version: 'TensorFlow 2.21.0', device: 'CPU', notice: null },
    lastEpoch: null,
    progress: null,
    tags: [],
    note: '',
    pinned: false,
    archived: false,
    experiment: null,
    parent: null,
    ...part,
  }
}

export function sampleEpoch(epoch: number, loss = 0.2 / epoch): EpochResult {
  return {
    epoch,
    train: { loss, accuracy: 1 - loss / 4 },
    validation: { loss: loss * 0.8, accuracy: 1 - loss / 5 },
    learningRate: 1e-3,
    trainSeconds: 20,
    validationSeconds: 1,
    imagesPerSecond: 3200,
  }
}

/** 25 kernels of 3 × 3 that drift from noise to edges as `training` goes from 0 to 1. */
export function sampleKernels(training: number): Kernels {
  const random = createRandom(7, 'kernels')
  const values = new Float32Array(25 * 9)
  for (let kernel = 0; kernel < 25; kernel++) {
    const angle = random.uniform() * Math.PI * 2
    for (let i = 0; i < 9; i++) {
      const edge = Math.cos(angle) * ((i % 3) - 1) + Math.sin(angle) * (Math.floor(i / 3) - 1)
      values[kernel * 9 + i] = (random.uniform() - 0.5) * 0.66 + edge * 0.4 * training
    }
  }
  return { layer: 'conv1', shape: [25, 1, 3, 3], values }
}

/** The random start and a checkpoint after each of so many epochs. */
export function sampleMoments(epochs: number, live = false): Moments {
  const stored = Array.from({ length: epochs + 1 }, (_, epoch) => ({ type: 'epoch', epoch }) as const)
  return { stored, newest: stored.at(-1) ?? null, live }
}
