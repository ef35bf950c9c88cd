import { expect, onTestFinished, test, vi } from 'vitest'
import { catalogue } from '../../../shared/data/catalogue'
import { AppError } from '../../../shared/errors'
import type { QueueState } from '../../../shared/ipc/queue-calls'
import type { TrainerEvent } from '../../../shared/training/messages'
import { openStorage } from '../db/open'
import { config, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createRunQueue } from './queue'
import { createRunRecorder, type Notify } from './run-recorder'
import { createRunService } from './run-service'

/** The queue with real records and a service whose trainers do as they are told; `home` for a later start. */
function setUp(home = temporaryHome()) {
  const storage = openStorage(home)
  onTestFinished(() => void (storage.db.open && storage.close()))
  const states: QueueState[] = []
  const notify: Notify = (name, payload) => void (name === 'queue.changed' && states.push(payload as QueueState))
  const recorder = createRunRecorder(storage, { appVersion: '1', notify, log: () => undefined })
  const problems = { data: false, launch: false }
  let say: (event: TrainerEvent) => void = () => undefined
  let end: () => void = () => undefined
  const service = createRunService({
    recorder,
    findDataset(id) {
      if (problems.data) throw new AppError('data-missing', 'no MNIST')
      return { info: catalogue[id], folder: `/data/${id}` }
    },
    launch(_start, onEvent) {
      if (problems.launch) throw new Error('fork failed')
      say = onEvent
      return { ended: new Promise((resolve) => (end = resolve)), send: () => undefined }
    },
    onIdle: () => queue.advance(),
  })
  const queue = createRunQueue({ recorder, service, notify, log: () => undefined })
  const add = (...names: string[]) =>
    queue.add(names.map((name) => ({ document: smallNetwork, config: config(), name }))).map(({ id }) => id)
  /** Ends the run that trains, and waits until its process has gone. */
  async function endRun(event: TrainerEvent = { type: 'stopped' }) {
    const [before] = states.slice(-1)
    say(event)
    end()
    await vi.waitFor(() => expect(states.at(-1)).not.toBe(before))
  }
  const stateOf = (id: string) => recorder.get(id).state.type
  const told = (event: TrainerEvent) => say(event)
  const ended = () => end()
  return { home, storage, recorder, service, queue, problems, add, say: told, end: ended, endRun, stateOf }
}

test('runs are trained one after another, also after one that failed', async () => {
  const { queue, add, say, endRun, stateOf, recorder } = setUp()
  const [first = '', second = '', third = ''] = add('first', 'second', 'third')
  expect([first, second, third].map(stateOf)).toEqual(['starting', 'queued', 'queued'])
  expect(queue.state()).toEqual({ order: [second, third], held: null })
  say(started)
  await endRun({ type: 'failed', error: { kind: 'not-a-number', message: 'NaN', fix: '', params: {} } })
  expect([first, second, third].map(stateOf)).toEqual(['failed', 'starting', 'queued'])
  say(started)
  await endRun()
  expect([first, second, third].map(stateOf)).toEqual(['failed', 'stopped', 'starting'])
  expect(queue.state()).toEqual({ order: [], held: null })
  expect(recorder.get(third).name).toBe('third')
})

test('a run that cannot begin has failed with the reason, and the next one gets its turn', async () => {
  const { add, endRun, problems, recorder, stateOf, service } = setUp()
  const [, second = '', third = ''] = add('first', 'second', 'third')
  problems.launch = true
  await endRun()
  expect(recorder.get(second).state).toMatchObject({ type: 'failed', error: { message: 'fork failed' } })
  expect(stateOf(third)).toBe('failed')
  expect(service.isBusy()).toBe(false)
})

test('a network that could never be trained is refused, and none of its company is added', () => {
  const { queue, recorder, problems } = setUp()
  const bad = { ...smallNetwork, layers: smallNetwork.layers.slice(0, 2) }
  const request = { document: smallNetwork, config: config() }
  expect(() => queue.add([request, { ...request, document: bad }])).toThrow()
  problems.data = true
  expect(() => queue.add([request])).toThrow('no MNIST')
  expect(recorder.list()).toEqual([])
})

test('runs that wait are moved and removed; those that train are not', () => {
  const { queue, add, recorder } = setUp()
  const [first = '', a = '', b = '', c = ''] = add('first', 'a', 'b', 'c')
  expect(queue.move(c, 0).order).toEqual([c, a, b])
  expect(queue.move(c, 99).order).toEqual([a, b, c])
  expect(queue.move(first, 1).order).toEqual([a, b, c])
  expect(queue.remove([b, first]).order).toEqual([a, c])
  expect(recorder.list().map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'a', 'c']))
  expect(recorder.list()).toHaveLength(3)
})

test('a run that waits gets other settings, which it keeps through a restart and is trained with', () => {
  const before = setUp()
  const [, second = ''] = before.add('first', 'second')
  const changed = config({ epochs: 7, seed: 99 })
  expect(before.queue.configure(second, changed)).toMatchObject({ config: changed, state: { type: 'queued' } })
  before.queue.close()
  before.recorder.close()
  before.storage.close()
  const after = setUp(before.home)
  expect(after.recorder.get(second).config).toEqual(changed)
  expect(after.storage.db.prepare('SELECT seed FROM runs WHERE id = ?').get(second)).toEqual({ seed: 99 })
  expect(after.recorder.launch(second).config).toEqual(changed)
})

test('settings are refused for a run that has begun, that is an experiment’s, or that could not be trained so', () => {
  const { queue, recorder, add, problems, storage } = setUp()
  const [first = '', second = ''] = add('first', 'second')
  expect(() => queue.configure(first, config())).toThrow('has begun')
  expect(() => queue.configure(crypto.randomUUID(), config())).toThrow(expect.objectContaining({ kind: 'not-found' }))
  const experiment = 'b6b8e7a0-4b68-4f0f-8f0c-2f6a3a1d9c11'
  storage.db.prepare("INSERT INTO experiments VALUES (?, 'Rates', '{}', 0)").run(experiment)
  const [third = ''] = queue
    .add([{ document: smallNetwork, config: config(), name: 'third', experiment }])
    .map(({ id }) => id)
  expect(() => queue.configure(third, config())).toThrow('those of its experiment')
  problems.data = true
  expect(() => queue.configure(second, config({ epochs: 9 }))).toThrow('no MNIST')
  expect(recorder.get(second).config).toEqual(config())
})

test('a paused queue lets the run go on and begins nothing until it is told to', async () => {
  const { queue, add, endRun, stateOf } = setUp()
  const [, second = ''] = add('first', 'second')
  expect(queue.pause().held).toBe('person')
  await endRun()
  expect(stateOf(second)).toBe('queued')
  queue.resume()
  expect(stateOf(second)).toBe('starting')
})

test('after a restart the runs still wait in their order, until the person says go on', () => {
  const before = setUp()
  const [, a = '', b = ''] = before.add('first', 'a', 'b')
  before.queue.move(b, 0)
  before.queue.close()
  before.recorder.close()
  before.storage.close()
  const after = setUp(before.home)
  expect(after.queue.state()).toEqual({ order: [b, a], held: 'restart' })
  after.queue.advance()
  expect(after.stateOf(b)).toBe('queued')
  after.queue.resume()
  expect(after.stateOf(b)).toBe('starting')
  expect(after.queue.state()).toEqual({ order: [a], held: null })
})

test('a run counts from when it begins, not from when it was added', () => {
  vi.useFakeTimers({ now: 1000 })
  onTestFinished(() => void vi.useRealTimers())
  const { queue, add, recorder } = setUp()
  const [, second = ''] = add('first', 'second')
  queue.pause()
  vi.setSystemTime(9000)
  expect(recorder.get(second).createdAt).toBe(1000)
  expect(recorder.launch(second)).toMatchObject({ name: 'second' })
  expect(recorder.get(second)).toMatchObject({ createdAt: 9000, state: { type: 'starting' } })
})

test('when the app ends nothing begins any more', async () => {
  const { queue, add, service, stateOf, say, end } = setUp()
  const [, second = ''] = add('first', 'second')
  queue.close()
  say({ type: 'stopped' })
  end()
  await vi.waitFor(() => expect(service.isBusy()).toBe(false))
  expect(stateOf(second)).toBe('queued')
})
