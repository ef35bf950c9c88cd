import { generatePyTorchModule } from '../../../shared/codegen/pytorch'
import { catalogue } from '../../../shared/data/catalogue'
import { pixelMean, pixelStd, type DatasetId } from '../../../shared/data/dataset'
import { requireSound } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import { elementCount } from '../../../shared/network/shape'
import { optimizerFile, weightsFile } from '../../../shared/training/checkpoint-names'
import type { RunConfig } from '../../../shared/training/config'
import type { CheckpointSource } from './checkpoint-source'
import { idleBiases } from './idle-biases'
import { readme } from './readme'

export interface ProjectSource {
  /** The run's. */
  readonly name: string
  readonly document: NetworkDocument
  readonly config: RunConfig
  readonly checkpoint: CheckpointSource
}

/** Files by their path inside the project, with `/` between folders. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>

// Bundled by the build tool.
const programs = import.meta.glob<string>('../../../resources/pytorch-project/*.py', {
  eager: true,
  query: '?raw',
  import: 'default',
})

const requirements = `numpy>=1.26
safetensors>=0.4
torch>=2.2
# Only to download the pictures, where --data names no folder:
# torchvision
`

const torchvision: Readonly<Record<DatasetId, string>> = { mnist: 'MNIST', 'fashion-mnist': 'FashionMNIST' }

/**
 * A PyTorch program that continues a run from a checkpoint: module, data, loop, weights, optimizer's state. Throws
 * `invalid-network` where the network cannot run.
 */
export function projectFiles(source: ProjectSource): ProjectFiles {
  const { name, document, config, checkpoint } = source
  const network = requireSound(document)
  const run = {
    format: 'convscope.pytorch-project',
    version: 1,
    name,
    network: document.name,
    dataset: catalogue[config.dataset].title,
    torchvision: torchvision[config.dataset],
    picture_shape: network.input.shape,
    classes: elementCount(network.output.shape),
    pixel_mean: pixelMean,
    pixel_std: pixelStd,
    idle_biases: idleBiases(network),
    config,
  }
  const { epoch, step, stepInEpoch } = checkpoint.position
  const state = { epoch, step, step_in_epoch: stepInEpoch, loop: checkpoint.loop }
  const files = new Map<string, Uint8Array>([
    ['README.md', text(readme(source, network))],
    ['requirements.txt', text(requirements)],
    ['model.py', text(generatePyTorchModule(document))],
    ['run.json', json(run)],
    ['checkpoint/state.json', json(state)],
    [`checkpoint/${weightsFile}`, checkpoint.weights],
  ])
  for (const [path, program] of Object.entries(programs)) files.set(path.split('/').at(-1) ?? path, text(program))
  if (checkpoint.best) files.set('checkpoint/best.safetensors', checkpoint.best)
  if (checkpoint.optimizer) files.set(`checkpoint/${optimizerFile}`, checkpoint.optimizer)
  return files
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

function json(value: unknown): Uint8Array {
  return text(`${JSON.stringify(value, null, 2)}\n`)
}
