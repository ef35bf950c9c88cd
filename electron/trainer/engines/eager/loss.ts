import type { LossConfig } from '../../../../shared/training/config'
import { weightOf } from '../class-weights'

export interface LossResult {
  /** The mean over the batch; with class weights over the sum of the labels' weights. */
  readonly loss: number
  /** What the mean was taken over: the labels' weights together, or their number. */
  readonly weight: number
  /** How many of the largest logits are at the label. */
  readonly correct: number
  /** Of the mean, by the logits: `[n, classes]`. */
  readonly gradient: Float32Array
}

/**
 * Loss of `logits [n, classes]` against `n` labels, in double precision.
 * - cross-entropy as torch.nn.CrossEntropyLoss: the target is `(1 - s) · one-hot + s / classes` with label smoothing s, each
 *   class of it times its weight; labels that weigh nothing together give 0, where PyTorch has NaN.
 * - mse as torch.nn.MSELoss against one-hot labels: the mean over batch and classes.
 */
export function lossOf(
  config: LossConfig,
  logits: Float32Array,
  labels: Uint8Array,
  classes: number,
  classWeights: readonly number[] | null = null,
): LossResult {
  const gradient = new Float32Array(logits.length)
  const weight = weightOf(labels, classWeights)
  let total = 0
  let correct = 0
  for (const [row, label] of labels.entries()) {
    const start = row * classes
    const own = logits.subarray(start, start + classes)
    const rowGradient = gradient.subarray(start, start + classes)
    if (largestIndex(own) === label) correct++
    total +=
      config.type === 'mse'
        ? squaredError(own, label, labels.length, rowGradient)
        : crossEntropy(own, label, config.label_smoothing, weight, classWeights, rowGradient)
  }
  return { loss: weight === 0 ? 0 : total / weight, weight, correct, gradient }
}

function crossEntropy(
  logits: Float32Array,
  label: number,
  smoothing: number,
  weight: number,
  classWeights: readonly number[] | null,
  gradient: Float32Array,
): number {
  if (weight === 0) return 0
  const classes = logits.length
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const value of logits) sum += Math.exp(value - largest)
  const logSum = largest + Math.log(sum)
  const targetOf = (index: number) =>
    ((index === label ? 1 - smoothing : 0) + smoothing / classes) *
    (classWeights === null ? 1 : (classWeights[index] ?? 0))
  // The targets of a row: 1, or what class weights make of it.
  let whole = 1
  if (classWeights !== null) {
    whole = 0
    for (let index = 0; index < classes; index++) whole += targetOf(index)
  }
  let loss = 0
  for (const [index, value] of logits.entries()) {
    const target = targetOf(index)
    loss += target * (logSum - value)
    gradient[index] = (whole * Math.exp(value - logSum) - target) / weight
  }
  return loss
}

function squaredError(logits: Float32Array, label: number, count: number, gradient: Float32Array): number {
  const classes = logits.length
  let loss = 0
  for (const [index, value] of logits.entries()) {
    const difference = value - (index === label ? 1 : 0)
    loss += (difference * difference) / classes
    gradient[index] = (2 * difference) / (count * classes)
  }
  return loss
}

/** The first of equal ones, as torch.argmax. */
function largestIndex(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  return best
}
