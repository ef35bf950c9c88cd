import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { config, epochResult, smallNetwork, stepRecords, temporaryHome } from '../../testing/fixtures'
import { openStorage } from '../open'
import { distributionOf } from '../../../../shared/training/histograms'
import { createEpochsRepository } from './epochs'
import { createHistogramsRepository } from './histograms'
import { createOrganizeRepository } from './organize'
import { createRunsRepository } from './runs'
import { createSettingsRepository } from './settings'
import { createStepsRepository } from './steps'

function open() {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const { db } = storage
  return {
    db,
    runs: createRunsRepository(db),
    steps: createStepsRepository(db),
    epochs: createEpochsRepository(db),
    settings: createSettingsRepository(db),
    organize: createOrganizeRepository(db),
  }
}

function newRun(id: string, createdAt = 1) {
  const state = { type: 'starting' } as const
  const rest = {
    name: id,
    appVersion: '1',
    session: 's',
    folder: `runs/${id}`,
    createdAt,
    tags: [],
    note: '',
    pinned: false,
    archived: false,
    experiment: null,
    parent: null,
  }
  return { id, document: smallNetwork, config: config(), state, ...rest }
}

test('a run comes back as it was written', () => {
  const { runs, epochs } = open()
  runs.insert(newRun('a'))
  const engine = { id: 'eager', version: '1', device: 'CPU', notice: 'slow' } as const
  const state = { type: 'finished', test: { loss: 0.1, accuracy: 0.9 } } as const
  epochs.insert('a', epochResult(1), 'one')
  epochs.insert('a', { ...epochResult(2), validation: null }, 'two')
  runs.update('a', { state, engine, progress: null, checkpoint: 'two', startedAt: 2, endedAt: 3, seenAt: 3 })
  const stored = runs.get('a')
  expect(stored?.document).toEqual(smallNetwork)
  expect(stored?.checkpoint).toBe('two')
  expect(stored?.summary).toMatchObject({ id: 'a', networkName: 'Small', state, engine, endedAt: 3, config: config() })
  expect(stored?.summary.lastEpoch).toEqual({ ...epochResult(2), validation: null })
  expect(runs.list()).toEqual([stored?.summary])
  expect(epochs.list('a').map(({ epoch }) => epoch)).toEqual([1, 2])
})

test('runs are listed newest first, without epochs too', () => {
  const { runs } = open()
  runs.insert(newRun('old', 1))
  runs.insert(newRun('new', 2))
  expect(runs.list().map(({ id }) => id)).toEqual(['new', 'old'])
  expect(runs.list()[0]?.lastEpoch).toBeNull()
})

test('removing a deleted run takes its steps and epochs with it', () => {
  const { db, runs, steps, epochs, organize } = open()
  runs.insert(newRun('a'))
  steps.insert('a', stepRecords(1, 5))
  epochs.insert('a', epochResult(1), 'one')
  organize.remove('a')
  expect(runs.get('a')).not.toBeNull()
  organize.setDeleted('a', 1)
  expect(runs.get('a')).toBeNull()
  organize.remove('a')
  expect(db.prepare('SELECT count(*) FROM steps').pluck().get()).toBe(0)
  expect(db.prepare('SELECT count(*) FROM epochs').pluck().get()).toBe(0)
  expect(runs.get('a')).toBeNull()
})

test('distributions beyond an epoch are removed for a run that goes on from there, and only its own', () => {
  const { db, runs } = open()
  const histograms = createHistogramsRepository(db)
  for (const id of ['a', 'b']) {
    runs.insert(newRun(id))
    for (const epoch of [1, 2, 3]) {
      const values = distributionOf(Float32Array.of(epoch))
      histograms.insert(id, { epoch, weights: [{ weight: 'fc.bias', values, gradient: values }] })
    }
  }
  histograms.deleteAfter('a', 1)
  expect(histograms.list('a', 0).map(({ epoch }) => epoch)).toEqual([1])
  expect(histograms.list('b', 0).map(({ epoch }) => epoch)).toEqual([1, 2, 3])
  const again = distributionOf(Float32Array.of(9))
  histograms.insert('a', { epoch: 1, weights: [{ weight: 'fc.bias', values: again, gradient: null }] })
  expect(histograms.list('a', 0)).toEqual([
    { epoch: 1, weights: [{ weight: 'fc.bias', values: again, gradient: null }] },
  ])
})

test('a loss that is not a number survives', () => {
  const { runs, steps } = open()
  runs.insert(newRun('a'))
  steps.insert('a', [
    { step: 1, loss: NaN, learningRate: 1 },
    { step: 2, loss: Infinity, learningRate: 1 },
  ])
  expect([...steps.columns('a').loss]).toEqual([NaN, Infinity])
})

test('one run of 10,000 steps among hundreds of thousands is read within 50 ms', () => {
  const { db, runs, steps } = open()
  const many = stepRecords(1, 10_000)
  db.transaction(() => {
    for (let run = 0; run < 30; run++) {
      runs.insert(newRun(`run ${run}`))
      steps.insert(`run ${run}`, many)
    }
  })()
  const times = [3, 17, 29].map((run) => {
    const before = performance.now()
    expect(steps.columns(`run ${run}`).step).toHaveLength(10_000)
    return performance.now() - before
  })
  expect(Math.min(...times)).toBeLessThan(50)
})

test('settings fall back where nothing of that form is stored', () => {
  const { settings } = open()
  expect(settings.get('a', z.number(), 7)).toBe(7)
  settings.set('a', 8)
  settings.set('a', 9)
  expect(settings.get('a', z.number(), 7)).toBe(9)
  expect(settings.get('a', z.string(), 'none')).toBe('none')
})
