import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExportSource } from '../../electron/exporter/format'
import { pytorchProjectFormat } from '../../electron/exporter/formats/pytorch-project'
import { loadWeights } from '../../electron/trainer/load-weights'
import { chooseEngine } from '../../electron/trainer/engine-choice'
import { runTiny } from '../../electron/trainer/testing/run-tiny'
import { tinyDataset } from '../../electron/trainer/testing/tiny'
import type { Dataset, LabelledImages } from '../../shared/data/dataset'
import { readSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { NetworkDocument } from '../../shared/network/document'
import { requireSound } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import { elementCount } from '../../shared/network/shape'
import { optimizerFile, weightsFile } from '../../shared/training/checkpoint-names'
import type { StartCommand, TrainerEvent } from '../../shared/training/messages'
import type { RunConfig } from '../../shared/training/config'
import { python } from '../codegen/python'

/** 50 pictures, of which a fifth is kept back: 5 steps of 8 are an epoch. */
export const dataset: Dataset = tinyDataset(50, 12)

/** As many, but 30 of the first class, 14 of the second and 6 of the third. */
export const skewedDataset: Dataset = { ...dataset, train: someOfEach(tinyDataset(90, 1).train, [30, 14, 6]) }

function someOfEach({ shape, images, labels }: LabelledImages, wanted: readonly number[]): LabelledImages {
  const seen = wanted.map(() => 0)
  const kept = [...labels.keys()].filter((at) => {
    const label = labels[at] ?? 0
    seen[label] = (seen[label] ?? 0) + 1
    return (seen[label] ?? 0) <= (wanted[label] ?? 0)
  })
  const size = elementCount(shape)
  return {
    shape,
    count: kept.length,
    images: Uint8Array.from(kept.flatMap((at) => [...images.subarray(at * size, (at + 1) * size)])),
    labels: Uint8Array.from(kept, (at) => labels[at] ?? 0),
  }
}

export function network(parts: { norm: boolean; dropout?: boolean }): NetworkDocument {
  const { norm, dropout = false } = parts
  const layers = [
    { id: 'conv1', kind: 'conv2d', params: { out_channels: 4 } },
    ...(norm ? [{ id: 'bn1', kind: 'batch_norm2d' }] : []),
    { id: 'relu1', kind: 'relu' },
    { id: 'conv2', kind: 'conv2d', params: { out_channels: 5, padding: 1 } },
    ...(norm ? [{ id: 'bn2', kind: 'batch_norm2d' }] : []),
    { id: 'relu2', kind: 'relu' },
    { id: 'pool', kind: 'max_pool2d', params: { kernel_size: 2, stride: 2 } },
    { id: 'flatten', kind: 'flatten' },
    ...(dropout ? [{ id: 'drop', kind: 'dropout', params: { p: 0.4 } }] : []),
    { id: 'fc', kind: 'linear', params: { out_features: 3 } },
  ]
  const ids = ['input', ...layers.map(({ id }) => id)]
  const chained = layers.map((layer, index) => ({ ...layer, inputs: [ids[index]] }))
  const input = { id: 'input', kind: 'input', params: { height: 6, width: 6, channels: 1 } }
  return readNetwork({ format: 'convscope.network', version: 1, name: 'Tiny', layers: [input, ...chained] }, 'Tiny')
}

/** Trains a run into `folder`; gives what was told of it. */
export async function trainRun(
  folder: string,
  document: NetworkDocument,
  config: RunConfig,
  data = dataset,
): Promise<readonly TrainerEvent[]> {
  const command: StartCommand = {
    type: 'start',
    document,
    config,
    dataFolders: {},
    runFolder: folder,
    initialWeights: null,
    initialOptimizer: null,
    resume: null,
  }
  const { last, events } = await runTiny(command, await chooseEngine(config.engine), { dataset: data })
  if (last.type === 'failed') throw new Error(last.error.message)
  return events
}

/** What the project of one of a run's checkpoints is made of. */
export function projectSource(
  checkpoint: string,
  { document, config }: { document: NetworkDocument; config: RunConfig },
  zip = false,
): ExportSource {
  const network = requireSound(document)
  return {
    network,
    config,
    weights: loadWeights(network, join(checkpoint, weightsFile)),
    about: { run: 'Tiny run', moment: basename(checkpoint), version: 'test' },
    project: { checkpoint, zip },
  }
}

export async function exportProject(
  to: string,
  checkpoint: string,
  run: { document: NetworkDocument; config: RunConfig },
): Promise<void> {
  await pytorchProjectFormat.write(projectSource(checkpoint, run), to)
}

/** A data set as IDX files. */
export function writeIdx(folder: string, { train, test } = dataset): void {
  for (const [prefix, { count, shape, images, labels }] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idx([count, shape[0], shape[1]], images))
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idx([count], labels))
  }
}

function idx(sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x0800 + sizes.length)
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}

/** Runs each project's train.py with its arguments, in one Python; gives what they print. */
export function runProjects(jobs: readonly (readonly [project: string, ...args: string[]])[]): string {
  const args = jobs.flatMap((job, index) => (index === 0 ? job : ['--', ...job]))
  return run([join(import.meta.dirname, 'run_projects.py'), ...args])
}

/** As a person does on one machine with several processes. */
export function torchrun(project: string, processes: number, args: readonly string[]): string {
  const launcher = ['-m', 'torch.distributed.run', '--standalone', `--nproc_per_node=${processes}`]
  return run([...launcher, join(project, 'train.py'), ...args])
}

function run(args: readonly string[]): string {
  const env = { ...process.env, CUDA_VISIBLE_DEVICES: '', OMP_NUM_THREADS: '1' }
  const { status, stdout, stderr } = spawnSync(python ?? 'python', args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`)
  return stdout
}

export interface State {
  readonly weights: NamedTensors
  readonly optimizer: NamedTensors
}

export function readState(folder: string): State {
  const tensors = (file: string) => readSafetensors(readFileSync(join(folder, file)), file).tensors
  return { weights: tensors(weightsFile), optimizer: tensors(optimizerFile) }
}

/** The largest difference of two numbers at the same place; Infinity where names or shapes differ. */
export function largestDifference(a: NamedTensors, b: NamedTensors): number {
  if ([...a.keys()].sort().join() !== [...b.keys()].sort().join()) return Infinity
  let largest = 0
  for (const [name, { values, shape }] of a) {
    const other = b.get(name)
    if (other?.shape.join() !== shape.join()) return Infinity
    for (const [index, value] of values.entries()) {
      largest = Math.max(largest, Math.abs(value - (other.values[index] ?? NaN)))
    }
  }
  return largest
}
