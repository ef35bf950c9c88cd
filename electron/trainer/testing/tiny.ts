import type { Dataset, LabelledImages } from '../../../shared/data/dataset'
import { catalogue } from '../../../shared/data/catalogue'
import { readNetwork } from '../../../shared/network/parse'
import type { NetworkDocument } from '../../../shared/network/document'
import { createRandom } from '../../../shared/training/random'
import { runConfigSchema, type RunConfig } from '../../../shared/training/config'
import type { StartCommand } from '../../../shared/training/messages'

/** A convolution, BatchNorm, pooling, dropout and a dense layer on 6 × 6 pictures of 3 classes. */
export const tinyNetwork: NetworkDocument = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'Tiny',
    layers: [
      { id: 'input', kind: 'input', params: { height: 6, width: 6, channels: 1 } },
      { id: 'conv1', kind: 'conv2d', params: { out_channels: 3 }, inputs: ['input'] },
      { id: 'bn1', kind: 'batch_norm2d', inputs: ['conv1'] },
      { id: 'relu1', kind: 'relu', inputs: ['bn1'] },
      { id: 'pool1', kind: 'max_pool2d', params: { kernel_size: 2, stride: 2 }, inputs: ['relu1'] },
      { id: 'flatten', kind: 'flatten', inputs: ['pool1'] },
      { id: 'drop', kind: 'dropout', params: { p: 0.2 }, inputs: ['flatten'] },
      { id: 'fc1', kind: 'linear', params: { out_features: 3 }, inputs: ['drop'] },
    ],
  },
  'tiny network',
)

/** Each class is a bright pair of rows in noise, so that it can be learned in a few steps. */
function tinyImages(count: number, seed: number): LabelledImages {
  const random = createRandom(seed, 'tiny')
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 3)
  const images = Uint8Array.from({ length: count * 36 }, (_, at) => {
    const row = Math.floor((at % 36) / 6)
    const bright = Math.floor(row / 2) === labels[Math.floor(at / 36)]
    return Math.floor(random.uniform() * 80) + (bright ? 150 : 0)
  })
  return { count, shape: [6, 6, 1], images, labels }
}

export function tinyDataset(trainCount = 40, testCount = 12): Dataset {
  return {
    info: {
      ...catalogue.mnist,
      title: 'Tiny',
      shape: [6, 6, 1],
      classes: ['top', 'middle', 'bottom'],
      counts: { train: trainCount, test: testCount },
    },
    train: tinyImages(trainCount, 1),
    test: tinyImages(testCount, 2),
  }
}

export function tinyConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return runConfigSchema.parse({ epochs: 2, batch_size: 8, validation_split: 0.2, engine: 'eager', ...changes })
}

export function startCommand(runFolder: string, changes: Partial<RunConfig> = {}): StartCommand {
  return {
    type: 'start',
    document: tinyNetwork,
    config: tinyConfig(changes),
    dataFolders: {},
    runFolder,
    initialWeights: null,
    initialOptimizer: null,
    resume: null,
  }
}
