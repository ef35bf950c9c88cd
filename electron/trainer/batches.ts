import type { Dataset, LabelledImages } from '../../shared/data/dataset'
import type { RunConfig } from '../../shared/training/config'
import { createRandom, hashWords, permutation } from '../../shared/training/random'

/** The pictures of a run: what it learns from, what it is watched with, and what it is judged by at the end. */
export interface RunData {
  readonly train: LabelledImages
  readonly test: LabelledImages
  /** Positions in `train`, ascending. */
  readonly trainIndices: Int32Array
  readonly validationIndices: Int32Array
}

/**
 * Applies `limit` (the first pictures), then keeps the last `validation_split` of a seeded order back for validation. At
 * least one picture is left to learn from.
 */
export function splitData(dataset: Dataset, config: Pick<RunConfig, 'limit' | 'validation_split' | 'seed'>): RunData {
  const train = firstImages(dataset.train, config.limit)
  const test = firstImages(dataset.test, config.limit)
  // A hair more, so that 0.29 of 100 is 29 although the product in binary is a little less.
  const kept = Math.min(train.count - 1, Math.floor(train.count * config.validation_split + 1e-9))
  const order = permutation(train.count, createRandom(config.seed, 'split'))
  return {
    train,
    test,
    trainIndices: order.slice(0, train.count - kept).sort(),
    validationIndices: order.slice(train.count - kept).sort(),
  }
}

/** The order in which an epoch (from 1) visits its pictures: positions in the training set. */
export function epochOrder(
  trainIndices: Int32Array,
  config: Pick<RunConfig, 'seed' | 'shuffle'>,
  epoch: number,
): Int32Array {
  if (!config.shuffle) return trainIndices
  const order = permutation(trainIndices.length, createRandom(config.seed, 'order', epoch))
  return order.map((position) => trainIndices[position] ?? 0)
}

/** Two words for the random masks of a step (from 1 over the whole run). */
export function stepSeed(seed: number, epoch: number, step: number): [number, number] {
  return [hashWords([seed, 'dropout', epoch]), step]
}

function firstImages(images: LabelledImages, limit: number | null): LabelledImages {
  if (limit === null || limit >= images.count) return images
  const [height, width, channels] = images.shape
  return {
    count: limit,
    shape: images.shape,
    images: images.images.subarray(0, limit * height * width * channels),
    labels: images.labels.subarray(0, limit),
  }
}
