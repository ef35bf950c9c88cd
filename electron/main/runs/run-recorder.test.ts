import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AppEvents, EventName } from '../../../shared/ipc/contract'
import { distributionOf } from '../../../shared/training/histograms'
import { mergeAside } from '../db/aside'
import { openStorage, type Storage } from '../db/open'
import { createHistogramsRepository } from '../db/repositories/histograms'
import {
  config,
  epochResult,
  progressEvent,
  smallNetwork,
  sqliteError,
  started,
  temporaryHome,
} from '../testing/fixtures'
import { createRunRecorder } from './run-recorder'

function setUp(home = temporaryHome()) {
  const storage = openStorage(home)
  onTestFinished(() => void (storage.db.open && storage.close()))
  const events: { name: EventName; payload: AppEvents[EventName] }[] = []
  let failure: Error | null = null
  const recorder = createRunRecorder(storage, {
    appVersion: '1.0.0',
    notify: (name, payload) => void events.push({ name, payload }),
    log: () => undefined,
    transaction(work) {
      if (failure) throw failure
      storage.db.transaction(work).immediate()
    },
  })
  return { home, storage, recorder, events, fail: (error: Error | null) => (failure = error) }
}

function reopened(storage: Storage) {
  storage.close()
  return setUp(storage.home)
}

const request = { document: smallNetwork, config: config() }

test('a whole run is recorded and found again after a restart', () => {
  const { storage, recorder, events } = setUp()
  const { id } = recorder.create({ ...request, name: 'First' })
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 5))
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1' })
  recorder.record(id, { type: 'paused' })
  recorder.record(id, { type: 'resumed' })
  recorder.record(id, progressEvent(6, 10))
  recorder.record(id, { type: 'finished', test: { loss: 0.2, accuracy: 0.9 }, checkpoint: 'epoch-1' })
  const changes = events.filter(({ name }) => name === 'run.changed').map(({ payload }) => payload)
  expect(changes.map((payload) => 'state' in payload && payload.state.type)).toEqual([
    'starting',
    'running',
    'paused',
    'running',
    'finished',
  ])
  recorder.close()
  const later = reopened(storage).recorder
  expect(later.list()).toHaveLength(1)
  expect(later.get(id)).toMatchObject({
    name: 'First',
    state: { type: 'finished', test: { loss: 0.2, accuracy: 0.9 } },
    epochs: [epochResult(1)],
    lastEpoch: epochResult(1),
    document: smallNetwork,
  })
  expect([...later.steps(id).step]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(later.checkpoint(id)).toBe(join(later.folder(id), 'epoch-1'))
})

test('distributions are kept by epoch, in the order of the network', () => {
  const { storage, recorder } = setUp()
  const { id } = recorder.create(request)
  recorder.record(id, started)
  const kept = createHistogramsRepository(storage.db)
  const values = distributionOf(Float32Array.of(1, 2, 3))
  for (const epoch of [1, 2]) {
    const weights = ['fc.weight', 'conv1.weight'].map((weight) => ({ weight, values, gradient: null }))
    recorder.record(id, { type: 'distributions', distributions: { epoch, weights } })
    recorder.record(id, { type: 'epoch', result: epochResult(epoch), checkpoint: `epoch-${epoch}` })
  }
  expect(kept.list(id, 1).map(({ epoch }) => epoch)).toEqual([2])
  // Going on from the first epoch's end makes the second anew.
  recorder.record(id, { type: 'stopped' })
  const whole = kept.list(id, 0)
  recorder.relaunch(id, request.config)
  recorder.record(id, { ...started, from: { epoch: 1, step: 10, stepInEpoch: 0 } })
  expect(kept.list(id, 0).map(({ epoch }) => epoch)).toEqual([1])
  for (const distributions of whole.slice(1)) recorder.record(id, { type: 'distributions', distributions })
  recorder.record(id, { type: 'stopped' })
  recorder.close()
  const found = createHistogramsRepository(reopened(storage).storage.db).list(id, 0)
  expect(found.map(({ epoch }) => epoch)).toEqual([1, 2])
  expect(found[1]?.weights).toEqual([
    { weight: 'fc.weight', values, gradient: null },
    { weight: 'conv1.weight', values, gradient: null },
  ])
})

test('steps that are not written yet are read all the same', () => {
  const { recorder } = setUp()
  const { id } = recorder.create(request)
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 3))
  expect([...recorder.steps(id).step]).toEqual([1, 2, 3])
})

test('nothing changes a run that has ended', () => {
  const { recorder } = setUp()
  const { id } = recorder.create(request)
  recorder.record(id, started)
  recorder.record(id, { type: 'stopped' })
  recorder.record(id, { type: 'finished', test: { loss: 0, accuracy: 1 }, checkpoint: 'x' })
  expect(recorder.get(id).state.type).toBe('stopped')
})

test('a run whose program died is failed at the next start, with its curves and weights', () => {
  const { storage, recorder } = setUp()
  const { id } = recorder.create(request)
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 5))
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1' })
  // No recorder.close(): the program was killed.
  const later = reopened(storage).recorder
  const run = later.get(id)
  expect(run.state).toMatchObject({ type: 'failed', error: { kind: 'trainer-crashed' } })
  expect(run.endedAt).toBeGreaterThan(0)
  expect(later.steps(id).step).toHaveLength(5)
  expect(later.checkpoint(id)).toContain('epoch-1')
})

test('a run that another living program trains is left alone', () => {
  const first = setUp()
  const { id } = first.recorder.create(request)
  first.recorder.record(id, started)
  first.recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1' })
  const second = setUp(first.home)
  expect(second.recorder.get(id).state.type).toBe('running')
})

test('a full disk loses nothing: the run goes on and is written when there is room', () => {
  const { storage, recorder, events, fail } = setUp()
  fail(sqliteError('SQLITE_FULL'))
  const { id } = recorder.create(request)
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 5))
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1' })
  expect(recorder.list().map((run) => run.id)).toEqual([id])
  expect(recorder.get(id).epochs).toHaveLength(1)
  expect([...recorder.steps(id).step]).toEqual([1, 2, 3, 4, 5])
  fail(null)
  recorder.record(id, { type: 'stopped' })
  const problems = events.filter(({ name }) => name === 'storage.problem').map(({ payload }) => payload)
  expect(problems).toMatchObject([{ error: { kind: 'disk-full' } }, { error: null }])
  const later = reopened(storage).recorder
  expect(later.get(id)).toMatchObject({ state: { type: 'stopped' }, epochs: [epochResult(1)] })
  expect(later.steps(id).step).toHaveLength(5)
})

test('what the database does not take until the end is kept beside it and taken in at the next start', () => {
  const { home, storage, recorder, fail } = setUp()
  const { id } = recorder.create(request)
  recorder.record(id, started)
  recorder.record(id, progressEvent(1, 5))
  recorder.record(id, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-1' })
  fail(sqliteError('SQLITE_BUSY'))
  recorder.record(id, progressEvent(6, 9))
  recorder.record(id, { type: 'finished', test: { loss: 1, accuracy: 0.5 }, checkpoint: 'epoch-2' })
  expect(recorder.close()).toBe(false)
  storage.close()
  const [aside = ''] = readdirSync(home).filter((name) => /^convscope-aside.*sqlite$/.test(name))
  expect(aside).not.toBe('')
  const later = openStorage(home)
  onTestFinished(() => later.close())
  mergeAside(later, () => undefined)
  expect(existsSync(join(home, aside))).toBe(true)
  // As if the program that wrote it had ended.
  renameSync(join(home, aside), join(home, aside.replace(/aside-\d+/, 'aside-99999999')))
  mergeAside(later, (message) => expect(message).toContain('took in'))
  expect(readdirSync(home).filter((name) => name.startsWith('convscope-aside'))).toEqual([])
  const merged = createRunRecorder(later, { appVersion: '1', notify: () => undefined, log: () => undefined })
  expect(merged.get(id)).toMatchObject({ state: { type: 'finished' }, epochs: [epochResult(1)] })
  expect([...merged.steps(id).step]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('renaming reaches the database', () => {
  const { storage, recorder } = setUp()
  const { id } = recorder.create(request)
  expect(recorder.rename(id, 'Better').name).toBe('Better')
  recorder.record(id, { type: 'stopped' })
  expect(recorder.get(id).name).toBe('Better')
  expect(reopened(storage).recorder.get(id).name).toBe('Better')
})
