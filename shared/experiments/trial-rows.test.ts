import { expect, it } from 'vitest'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'
import { planSchema } from './plan'
import { bestOf, meanRows, sortBy, trialRows, trialsCsv } from './trial-rows'
import type { RunSummary } from '../ipc/contract'

const config = runConfigSchema.parse({})
const document = networkDocumentSchema.parse({
  format: 'convscope.network',
  version: 1,
  name: 'N',
  layers: [{ id: 'input', kind: 'input' }],
})
const plan = planSchema.parse({
  format: 'convscope.experiment',
  version: 1,
  name: 'Rates',
  document,
  config,
  parameters: [{ target: { type: 'setting', path: 'learning_rate' }, domain: { type: 'choice', values: [0.1, 0.01] } }],
  seeds: [1, 2],
})

function run(id: string, accuracy: number | null): RunSummary {
  const rest = {
    networkName: 'N',
    config,
    engine: null,
    lastEpoch: null,
    progress: null,
    parent: null,
    experiment: 'x',
  }
  const flags = { tags: [], note: '', pinned: false, archived: false }
  const state =
    accuracy === null
      ? ({ type: 'queued' } as const)
      : ({ type: 'finished', test: { loss: 1 - accuracy, accuracy } } as const)
  return {
    id,
    name: `run "${id}"`,
    state,
    createdAt: 1000,
    endedAt: accuracy === null ? null : 4000,
    ...rest,
    ...flags,
  }
}

const trials = [
  { run: 'a', combination: 0, values: [0.1], seed: 1 },
  { run: 'b', combination: 0, values: [0.1], seed: 2 },
  { run: 'c', combination: 1, values: [0.01], seed: 1 },
  { run: 'gone', combination: 1, values: [0.01], seed: 2 },
]
const experiment = { id: 'x', name: 'Rates', plan, trials, createdAt: 1 }
const runs = new Map([run('a', 0.9), run('b', 0.8), run('c', null)].map((one) => [one.id, one]))
const results = new Map([
  ['a', { run: 'a', epochs: 2, bestLoss: 0.3, bestAccuracy: 0.91, lastLoss: 0.4, lastAccuracy: 0.9 }],
])
const rows = trialRows(experiment, runs, results)

it('joins what was varied, the run and its results', () => {
  expect(rows[0]).toMatchObject({ key: 'a', values: [0.1], metrics: { bestLoss: 0.3, testAccuracy: 0.9, seconds: 3 } })
  expect(rows[2]).toMatchObject({ metrics: { bestLoss: null, testAccuracy: null, seconds: null } })
  expect(rows[3]?.run).toBeNull()
})

it('gives mean and deviation over the seeds of equal settings', () => {
  const means = meanRows(rows)
  expect(means.map(({ values }) => values)).toEqual([[0.1], [0.01]])
  expect(means[0]?.metrics.testAccuracy?.mean).toBeCloseTo(0.85)
  expect(means[0]?.metrics.testAccuracy?.deviation).toBeCloseTo(0.0707107)
  expect(means[1]?.metrics.testAccuracy).toBeNull()
})

it('marks the best: the smallest loss, the largest accuracy', () => {
  expect(bestOf(rows, 'testAccuracy', (row) => row.metrics.testAccuracy)).toBe('a')
  expect(bestOf(rows, 'testLoss', (row) => row.metrics.testLoss)).toBe('a')
  expect(bestOf(rows, 'seconds', () => null)).toBeNull()
})

it('sorts with what is not known last, both ways', () => {
  const of = (descending: boolean) => sortBy(rows, descending, (row) => row.metrics.testAccuracy).map(({ key }) => key)
  expect(of(true)).toEqual(['a', 'b', 'c', 'gone'])
  expect(of(false)).toEqual(['b', 'a', 'c', 'gone'])
})

it('is copied as CSV with names that hold quotes', () => {
  const [head, first, , third] = trialsCsv(experiment, rows).split('\n')
  expect(head).toBe(
    'run,state,learning_rate,seed,bestLoss,bestAccuracy,testAccuracy,testLoss,lastLoss,lastAccuracy,seconds',
  )
  expect(first).toMatch(/^"run ""a""",finished,0\.1,1,0\.3,0\.91,0\.9,0\.09\d+,0\.4,0\.9,3$/)
  expect(third).toBe('"run ""c""",queued,0.01,1,,,,,,,')
})
