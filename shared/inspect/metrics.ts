import type { PredictionsAnswer } from './answers'

// The definitions are scikit-learn's (1.x) where it has them; each function names its counterpart.

/** What a classifier answered to each picture of a split. All columns have `count` entries, in the split's order. */
export interface Judgement {
  readonly count: number
  readonly classes: number
  readonly labels: Uint8Array
  /** The class with the largest logit; of equals the first, as numpy's argmax. */
  readonly predicted: Uint8Array
  /** The predicted class's probability. */
  readonly confidence: Float32Array
  /** The true class's probability. */
  readonly likelihood: Float32Array
  /** Cross-entropy in nats. */
  readonly losses: Float32Array
}

/** Of one row of logits; safe for large ones. Sums to 1. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let largest = -Infinity
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] ?? -Infinity)
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

export function judge({ count, classes, labels, logits, losses }: PredictionsAnswer): Judgement {
  const predicted = new Uint8Array(count)
  const confidence = new Float32Array(count)
  const likelihood = new Float32Array(count)
  for (let picture = 0; picture < count; picture++) {
    const shares = softmax(logits.subarray(picture * classes, (picture + 1) * classes))
    const best = argMax(shares)
    predicted[picture] = best
    confidence[picture] = shares[best] ?? NaN
    likelihood[picture] = shares[labels[picture] ?? 0] ?? NaN
  }
  return { count, classes, labels, predicted, confidence, likelihood, losses }
}

/** Place of the largest value; of equals the first, 0 of none. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i
  return best
}

/** Share of pictures whose predicted class is the true one: `accuracy_score`. NaN of none. */
export function accuracyOf({ count, labels, predicted }: Judgement): number {
  let hits = 0
  for (let i = 0; i < count; i++) if (labels[i] === predicted[i]) hits++
  return hits / count
}

/** NaN of none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}

/** `[classes, classes]`: pictures of true class (row) that were taken for a class (column): `confusion_matrix`. */
export function confusionMatrix({ count, classes, labels, predicted }: Judgement): Int32Array {
  const matrix = new Int32Array(classes * classes)
  for (let i = 0; i < count; i++) {
    const cell = (labels[i] ?? 0) * classes + (predicted[i] ?? 0)
    matrix[cell] = (matrix[cell] ?? 0) + 1
  }
  return matrix
}

/** Each row divided by its sum: `confusion_matrix(normalize='true')`. A class without pictures has zeros. */
export function rowShares(matrix: Int32Array, classes: number): Float64Array {
  return Float64Array.from(matrix, (value, cell) => {
    const row = Math.floor(cell / classes) * classes
    const sum = matrix.subarray(row, row + classes).reduce((total, one) => total + one, 0)
    return sum === 0 ? 0 : value / sum
  })
}

export interface ClassScore {
  readonly class: number
  /** Pictures of this class. */
  readonly support: number
  /** Pictures taken for this class. */
  readonly predicted: number
  /** Of the pictures taken for this class, the share that is. Null where none was taken for it. */
  readonly precision: number | null
  /** Of this class's pictures, the share that was found. Null where there is none. */
  readonly recall: number | null
  /** Harmonic mean of both, 2·TP / (2·TP + FP + FN). Null where the class neither occurs nor was predicted. */
  readonly f1: number | null
}

/** `precision_recall_fscore_support`, but with null where that divides by zero and gives 0 with a warning. */
export function classScores(matrix: Int32Array, classes: number): ClassScore[] {
  return Array.from({ length: classes }, (_, own) => {
    let [support, predicted] = [0, 0]
    for (let other = 0; other < classes; other++) {
      support += matrix[own * classes + other] ?? 0
      predicted += matrix[other * classes + own] ?? 0
    }
    const hits = matrix[own * classes + own] ?? 0
    return {
      class: own,
      support,
      predicted,
      precision: predicted === 0 ? null : hits / predicted,
      recall: support === 0 ? null : hits / support,
      f1: support + predicted === 0 ? null : (2 * hits) / (support + predicted),
    }
  })
}

/** Unweighted means over the classes: `average='macro'`, which counts what cannot be divided as 0. */
export function macroAverage(scores: readonly ClassScore[]): Record<'precision' | 'recall' | 'f1', number> {
  const mean = (name: 'precision' | 'recall' | 'f1') => meanOf(scores.map((score) => score[name] ?? 0))
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') }
}

/** Pictures of one cell of the confusion matrix, those with the largest loss first. */
export function picturesOfCell(judgement: Judgement, label: number, predicted: number): number[] {
  const { count, labels, losses } = judgement
  const found: number[] = []
  for (let i = 0; i < count; i++) if (labels[i] === label && judgement.predicted[i] === predicted) found.push(i)
  return byLoss(found, losses)
}

/** The `most` pictures with the largest losses, largest first; of equals the earlier. A loss that is no number is largest. */
export function hardest({ count, losses }: Judgement, most: number): number[] {
  const all = Array.from({ length: count }, (_, i) => i)
  return byLoss(all, losses).slice(0, most)
}

function byLoss(pictures: number[], losses: Float32Array): number[] {
  const height = (picture: number) => {
    const loss = losses[picture] ?? NaN
    return Number.isNaN(loss) ? Infinity : loss
  }
  return pictures.sort((a, b) => (height(a) === height(b) ? a - b : height(b) - height(a)))
}

export interface CalibrationBin {
  /** Confidences above `low` up to and with `high`; the first bin has 0 too. */
  readonly low: number
  readonly high: number
  readonly count: number
  readonly correct: number
  /** Null of an empty bin, as is the accuracy. */
  readonly confidence: number | null
  readonly accuracy: number | null
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[]
  /** Expected calibration error: mean of |accuracy − confidence| over the bins, weighed by their pictures. NaN of none. */
  readonly expectedError: number
  /** The largest such gap of a bin that is not empty. */
  readonly largestError: number
}

/**
 * How far the confidence in the predicted class can be taken at its word: `bins` of equal width, as in Guo, Pleiss, Sun and
 * Weinberger, "On Calibration of Modern Neural Networks" (2017), eq. 2 to 5.
 */
export function calibrationOf({ count, labels, predicted, confidence }: Judgement, bins: number): Calibration {
  const [counts, hits, sums] = [new Int32Array(bins), new Int32Array(bins), new Float64Array(bins)]
  for (let i = 0; i < count; i++) {
    const trust = confidence[i] ?? 0
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(trust * bins) - 1))
    counts[bin] = (counts[bin] ?? 0) + 1
    sums[bin] = (sums[bin] ?? 0) + trust
    if (labels[i] === predicted[i]) hits[bin] = (hits[bin] ?? 0) + 1
  }
  const filled = Array.from({ length: bins }, (_, bin) => {
    const [inside, correct, sum] = [counts[bin] ?? 0, hits[bin] ?? 0, sums[bin] ?? 0]
    const [low, high] = [bin / bins, (bin + 1) / bins]
    if (inside === 0) return { low, high, count: 0, correct, confidence: null, accuracy: null }
    return { low, high, count: inside, correct, confidence: sum / inside, accuracy: correct / inside }
  })
  const gaps = filled.map((bin) => Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)))
  return {
    bins: filled,
    expectedError:
      gaps.reduce((sum, gap, bin) => sum + (gap * (counts[bin] ?? 0)) / count, 0) + (count === 0 ? NaN : 0),
    largestError: Math.max(...gaps),
  }
}
