import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TrainerCommand, TrainerEvent } from '../../shared/training/messages'
import { config, progressEvent, smallNetwork, started } from './testing/fixtures'
import type { StartCommand } from './runs/trainer-link'
import { trainerProcesses, type TrainerChild } from './trainer-process'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

class FakeChild extends EventEmitter implements TrainerChild {
  readonly pid = 1234
  readonly stderr = new EventEmitter()
  readonly sent: TrainerCommand[] = []
  postMessage(command: TrainerCommand): void {
    this.sent.push(command)
  }
}

const start: StartCommand = {
  type: 'start',
  document: smallNetwork,
  config: config(),
  dataFolders: {},
  runFolder: '/nowhere',
  initialWeights: null,
  initialOptimizer: null,
  resume: null,
}
const finished: TrainerEvent = { type: 'finished', test: { loss: 0, accuracy: 1 }, checkpoint: 'x' }

function launch() {
  const child = new FakeChild()
  const events: TrainerEvent[] = []
  // A killed process exits a moment later.
  const kill = vi.fn(() => void setTimeout(() => child.emit('exit', 9), 1))
  const launchTrainer = trainerProcesses({ fork: () => child, kill, log: () => undefined })
  const link = launchTrainer(start, (event) => void events.push(event))
  const ended = vi.fn()
  void link.ended.then(ended)
  return { child, events, kill, link, ended, types: () => events.map(({ type }) => type) }
}

function failure(events: readonly TrainerEvent[]) {
  const last = events.at(-1)
  return last?.type === 'failed' ? last.error : null
}

test('nothing is sent before the process runs, then all in order', () => {
  const { child, link } = launch()
  link.send({ type: 'pause' })
  expect(child.sent).toEqual([])
  child.emit('spawn')
  expect(child.sent.map(({ type }) => type)).toEqual(['start', 'pause'])
})

test('a run that finishes ends once, and its exit adds nothing', async () => {
  const { child, types, ended, kill } = launch()
  child.emit('spawn')
  child.emit('message', started)
  child.emit('message', progressEvent(1, 2))
  child.emit('message', finished)
  child.emit('message', { type: 'stopped' })
  child.emit('exit', 0)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(types()).toEqual(['started', 'progress', 'finished'])
  expect(ended).toHaveBeenCalledOnce()
  expect(kill).not.toHaveBeenCalled()
})

test.each([
  [0, 'exit code 0'],
  [1, 'exit code 1'],
  [9, 'signal SIGKILL'],
])('exit with %i and no last word is a crash that names it', async (code, name) => {
  const { child, events, types, ended } = launch()
  child.emit('spawn')
  child.emit('message', started)
  child.stderr.emit('data', Buffer.from('first line\nstd::bad_alloc\n'))
  child.emit('exit', code)
  await vi.advanceTimersByTimeAsync(1000)
  expect(types()).toEqual(['started', 'failed'])
  expect(failure(events)?.kind).toBe('trainer-crashed')
  expect(failure(events)?.message).toContain(name)
  expect(failure(events)?.message).toContain('std::bad_alloc')
  expect(ended).toHaveBeenCalledOnce()
})

test('a last word that arrives just after the news of the exit counts', async () => {
  const { child, types } = launch()
  child.emit('spawn')
  child.emit('message', started)
  child.emit('exit', 0)
  child.emit('message', finished)
  await vi.advanceTimersByTimeAsync(1000)
  expect(types()).toEqual(['started', 'finished'])
})

test('silence while running ends the process and fails the run', async () => {
  const { child, events, kill, ended } = launch()
  child.emit('spawn')
  child.emit('message', { ...started, engine: { id: 'tensorflow', version: '2', device: 'CPU', notice: null } })
  await vi.advanceTimersByTimeAsync(50_000)
  child.emit('message', { type: 'heartbeat' })
  await vi.advanceTimersByTimeAsync(50_000)
  expect(failure(events)).toBeNull()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(failure(events)?.message).toContain('no sign of life for 60 seconds')
  expect(kill).toHaveBeenCalledOnce()
  expect(ended).toHaveBeenCalledOnce()
})

test('a paused trainer may be silent', async () => {
  const { child, events, link } = launch()
  child.emit('spawn')
  child.emit('message', started)
  child.emit('message', { type: 'paused' })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(failure(events)).toBeNull()
  link.send({ type: 'resume' })
  await vi.advanceTimersByTimeAsync(700_000)
  expect(failure(events)?.kind).toBe('trainer-crashed')
})

test('stop is a message first', async () => {
  const { child, types, link, kill } = launch()
  child.emit('spawn')
  child.emit('message', started)
  link.send({ type: 'stop' })
  link.send({ type: 'stop' })
  expect(child.sent.filter(({ type }) => type === 'stop')).toHaveLength(1)
  child.emit('message', { type: 'stopped' })
  child.emit('exit', 0)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(types()).toEqual(['started', 'stopped'])
  expect(kill).not.toHaveBeenCalled()
})

test('a trainer that does not stop within 15 s is killed; the run counts as stopped', async () => {
  const { child, types, link, kill, ended } = launch()
  child.emit('spawn')
  child.emit('message', started)
  link.send({ type: 'stop' })
  await vi.advanceTimersByTimeAsync(14_900)
  expect(kill).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(kill).toHaveBeenCalledOnce()
  expect(types()).toEqual(['started', 'stopped'])
  expect(ended).toHaveBeenCalledOnce()
})

test('a trainer that finishes but stays is ended too', async () => {
  const { child, types, kill, ended } = launch()
  child.emit('spawn')
  child.emit('message', started)
  child.emit('message', finished)
  await vi.advanceTimersByTimeAsync(16_000)
  expect(kill).toHaveBeenCalledOnce()
  expect(types()).toEqual(['started', 'finished'])
  expect(ended).toHaveBeenCalledOnce()
})
