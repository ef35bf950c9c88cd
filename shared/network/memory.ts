import { AppError } from '../errors'
import type { OptimizerType } from '../training/config'
import type { AnalyzedLayer, SoundNetwork } from './analyze'
import { consumersById } from './consumers'
import { bytesPerValue } from './cost'
import { elementCount } from './shape'

/** What training takes, in bytes, beyond the program, its libraries and the pictures themselves. */
export interface MemoryEstimate {
  readonly weights: number
  readonly gradients: number
  /** The optimizer's own values beside each weight: Adam keeps two. */
  readonly slots: number
  /** The starting values of all weights, as they are drawn and as the engine takes them. */
  readonly copies: number
  /** Outputs of a whole batch that the backward pass needs again. */
  readonly activations: number
  /** Gradients of activations, and what the engine lays out anew for a while. */
  readonly workspace: number
  /** The compiled graph, its threads and their scratch memory, whatever the network. */
  readonly engine: number
  readonly total: number
}

/** Measured; varies by some 30 MB with the shapes of the convolutions. */
const engineBytes = 64e6

const slotsPerWeight: Readonly<Record<OptimizerType, number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  adam: 2,
  adamw: 2,
  rmsprop: 1,
}

/**
 * What training in batches of `batchSize` takes at its peak on the TensorFlow engine. Forward, every output is kept that a
 * gradient needs: the inputs of layers with weights, normalisations and poolings, and the outputs of ReLU and its like, which
 * write over their input. Backward, the gradients of a layer's output and input live at once.
 *
 * Compared with the peak resident memory of real steps (Linux, TensorFlow 2.21, two cores) it was between 25 % too little (a
 * small VGG, batch 64: 219 for 291 MB) and 8 % too much (the reference network, batch 512: 279 for 259 MB).
 */
export function estimateTrainingMemory(
  network: SoundNetwork,
  batchSize: number,
  optimizer: OptimizerType,
): MemoryEstimate {
  const all = network.layers.flatMap((layer) => layer.weights.map(({ shape }) => elementCount(shape)))
  const weights = bytesPerValue * all.reduce((sum, count) => sum + count, 0)
  const trained = bytesPerValue * network.parameterCount
  const consumers = consumersById(network.layers)
  const kept = network.layers.filter((layer) => isKept(layer, consumers.get(layer.node.id) ?? []))
  const activations = batchSize * kept.reduce((sum, layer) => sum + outputBytes(layer), 0)
  const steps = network.layers.map((layer) => outputBytes(layer) + inputBytes(layer))
  const workspace = batchSize * Math.max(0, ...steps)
  const slots = slotsPerWeight[optimizer] * trained
  const parts = { weights, gradients: trained, slots, copies: 2 * weights, activations, workspace, engine: engineBytes }
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) }
}

/** Activations whose gradient follows from their output alone; the engines compute them in their input's place. */
const knowByOutput = new Set(['relu', 'sigmoid', 'tanh', 'softmax', 'elu'])
/** Layers whose gradient needs no values at all. */
const needNothing = new Set([
  'add',
  'concatenate',
  'zero_pad2d',
  'avg_pool2d',
  'global_avg_pool',
  'adaptive_avg_pool2d',
])

function isKept(layer: AnalyzedLayer, consumers: readonly AnalyzedLayer[]): boolean {
  const { kind, category } = layer.kind
  if (knowByOutput.has(kind) || category === 'pooling' || category === 'regularization') return true
  return consumers.some((consumer) => {
    const name = consumer.kind.kind
    // A kind that is not known here is taken to need its input: rather too much than too little.
    return !knowByOutput.has(name) && !needNothing.has(name) && consumer.kind.category !== 'regularization'
  })
}

function outputBytes(layer: AnalyzedLayer): number {
  return bytesPerValue * elementCount(layer.shape)
}

function inputBytes(layer: AnalyzedLayer): number {
  return bytesPerValue * layer.inputShapes.reduce((sum, shape) => sum + elementCount(shape), 0)
}

/**
 * Refuses a run that cannot fit: throws `out-of-memory` with the number of bytes needed, `availableBytes` and the largest
 * batch that would fit (0 where none does).
 */
export function refuseIfTooLarge(
  network: SoundNetwork,
  run: { readonly batch_size: number; readonly optimizer: { readonly type: OptimizerType } },
  availableBytes: number,
): void {
  const needed = (batchSize: number) => estimateTrainingMemory(network, batchSize, run.optimizer.type).total
  const total = needed(run.batch_size)
  if (total <= availableBytes) return
  let fitting = run.batch_size
  while (fitting > 0 && needed(fitting) > availableBytes) fitting = Math.floor(fitting / 2)
  const [need, have] = [formatGigabytes(total), formatGigabytes(availableBytes)]
  throw new AppError('out-of-memory', `Training would take about ${need} of memory, but only ${have} are free.`, {
    fix: fitting > 0 ? `A batch of ${fitting} fits.` : 'Make the network smaller: not even one picture at a time fits.',
    params: { neededBytes: total, availableBytes, fittingBatch: fitting },
  })
}

function formatGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toPrecision(3)} GB`
}
