import { expect, test } from 'vitest'
import { runConfigSchema } from '../training/config'
import type { EpochResult } from '../training/state'
import { bestEpoch } from './exports'

const measured = { learningRate: 0.1, trainSeconds: 1, validationSeconds: 1, imagesPerSecond: 1 }

/** Loss and accuracy of each epoch from 1. */
function epochs(scores: readonly (readonly [number, number])[], of: 'train' | 'validation'): EpochResult[] {
  return scores.map(([loss, accuracy], index) => {
    const score = { loss, accuracy }
    const other = { loss: index, accuracy: 0 }
    const validation = of === 'validation' ? score : null
    return { ...measured, epoch: index + 1, train: of === 'train' ? score : other, validation }
  })
}

const scores = [
  [0.9, 0.5],
  [0.3, 0.8],
  [0.25, 0.7],
  [0.6, 0.9],
] as const
const all = [1, 2, 3, 4]

function watching(early_stopping: object | null) {
  return runConfigSchema.parse({ early_stopping })
}

test('the best epoch is the one of the smallest loss, of validation where there is one', () => {
  expect(bestEpoch(epochs(scores, 'validation'), all, watching(null))).toEqual({ epoch: 3, by: 'validation-loss' })
  expect(bestEpoch(epochs(scores, 'train'), all, watching(null))).toEqual({ epoch: 3, by: 'train-loss' })
})

test('with early stopping by the accuracy it is the most accurate', () => {
  const config = watching({ monitor: 'accuracy', patience: 9 })
  expect(bestEpoch(epochs(scores, 'validation'), all, config)).toEqual({ epoch: 4, by: 'validation-accuracy' })
  expect(bestEpoch(epochs(scores, 'train'), all, config)).toEqual({ epoch: 4, by: 'train-accuracy' })
})

test('a gain that early stopping does not count makes no best', () => {
  const config = watching({ monitor: 'loss', min_delta: 0.1, patience: 9 })
  expect(bestEpoch(epochs(scores, 'validation'), all, config)?.epoch).toBe(2)
})

test('only weights that are kept count, and losses that are numbers', () => {
  expect(bestEpoch(epochs(scores, 'validation'), [1, 2, 4], watching(null))?.epoch).toBe(2)
  expect(bestEpoch(epochs([[NaN, 0], ...scores], 'validation'), [1, 2], watching(null))?.epoch).toBe(2)
  expect(bestEpoch(epochs(scores, 'validation'), [0], watching(null))).toBeNull()
  expect(bestEpoch([], all, watching(null))).toBeNull()
})
