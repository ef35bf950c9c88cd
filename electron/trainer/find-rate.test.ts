import { expect, it } from 'vitest'
import type { RangeEvent } from '../../shared/training/range-messages'
import { chooseEngine } from './engine-choice'
import { findRate, type FindRateOptions } from './find-rate'
import { tinyConfig, tinyDataset, tinyNetwork } from './testing/tiny'

const range = { steps: 60, from: 1e-5, to: 10 }

function find(options: Partial<FindRateOptions> = {}, changes: Parameters<typeof tinyConfig>[0] = {}) {
  return findRate(
    { type: 'find-rate', document: tinyNetwork, config: tinyConfig(changes), dataFolders: {}, range },
    { emit: () => undefined, startEngine: () => chooseEngine('eager'), load: () => tinyDataset(), ...options },
  )
}

it('raises the rate step by step and suggests one at which the loss falls', async () => {
  const { points, suggestion } = await find({}, { optimizer: { type: 'sgd', weight_decay: 0 } })
  expect(points[0]?.rate).toBeCloseTo(1e-5, 12)
  const factors = points.slice(1).map(({ rate }, at) => rate / (points[at]?.rate ?? NaN))
  for (const factor of factors) expect(factor).toBeCloseTo((10 / 1e-5) ** (1 / 59), 9)
  expect(suggestion?.valley).toBeGreaterThan(1e-4)
  expect(suggestion?.valley).toBeLessThan(3)
})

it('gives the same for the same seed, whatever schedule the run has', async () => {
  const first = await find()
  expect(await find({}, { schedule: { type: 'cosine', min_rate: 0 }, warmup_steps: 9 })).toEqual(first)
  expect((await find({}, { seed: 2 })).points).not.toEqual(first.points)
})

it('tells of its points while it goes on, and ends when it is asked to', async () => {
  const events: RangeEvent[] = []
  let time = 0
  const { points } = await find({
    emit: (event) => void events.push(event),
    milliseconds: () => (time += 100),
    goOn: () => events.length < 3,
  })
  expect(points.length).toBeLessThan(range.steps)
  const told = events.flatMap((event) => (event.type === 'rate-progress' ? [event.points.length] : []))
  expect(told).toHaveLength(3)
  expect(told[2]).toBe(points.length)
})
