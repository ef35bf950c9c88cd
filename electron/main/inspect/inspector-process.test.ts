import type { MessagePortMain } from 'electron'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InspectorCommand, InspectorEvent, LookCommand } from '../../../shared/inspect/messages'
import { config, smallNetwork } from '../testing/fixtures'
import { inspectorProcesses, type AskCommand, type InspectorChild } from './inspector-process'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

class FakeChild extends EventEmitter implements InspectorChild {
  readonly pid = 1234
  readonly stderr = new EventEmitter()
  readonly sent: InspectorCommand[] = []
  readonly ports: (readonly MessagePortMain[])[] = []
  postMessage(command: InspectorCommand, ports: readonly MessagePortMain[] = []): void {
    this.sent.push(command)
    this.ports.push(ports)
  }
}

const look: LookCommand = { type: 'look', document: smallNetwork, config: config(), dataFolder: null }
const answer = { layer: 'conv1', shape: [2, 1, 3, 3], values: new Float32Array(18) }

function question(request: string): AskCommand {
  return { type: 'ask', request, weights: { type: 'initial' }, query: { type: 'kernels', layer: 'conv1' } }
}

function launch() {
  const child = new FakeChild()
  const kill = vi.fn(() => void setTimeout(() => child.emit('exit', 9), 1))
  const onEnd = vi.fn()
  const link = inspectorProcesses({ fork: () => child, kill, log: () => undefined })(look, onEnd)
  const progress: unknown[] = []
  const ask = (request: string) => {
    const result = link.ask(question(request), (news) => progress.push(news))
    // Looked at later.
    result.catch(() => undefined)
    return result
  }
  const say = (event: InspectorEvent) => void child.emit('message', event)
  return { child, kill, onEnd, link, ask, say, progress }
}

test('nothing is sent before the process runs, then all in order', () => {
  const { child, ask, link } = launch()
  void ask('a')
  const port = {} as MessagePortMain
  link.connect(port)
  expect(child.sent).toEqual([])
  child.emit('spawn')
  expect(child.sent.map(({ type }) => type)).toEqual(['look', 'ask', 'connect'])
  expect(child.ports).toEqual([[], [], [port]])
})

test('each answer, refusal and progress reaches its own question', async () => {
  const { child, ask, say, progress } = launch()
  child.emit('spawn')
  const [first, second] = [ask('a'), ask('b')]
  say({ type: 'progress', progress: { request: 'b', done: 1, total: 2, partial: null } })
  say({ type: 'answered', request: 'b', answer })
  say({ type: 'refused', request: 'a', error: { kind: 'not-found', message: 'no layer', fix: '', params: {} } })
  await expect(second).resolves.toBe(answer)
  await expect(first).rejects.toMatchObject({ kind: 'not-found', message: 'no layer' })
  expect(progress).toHaveLength(1)
})

test('a crash rejects all that is open, with what the process wrote, and says so once', async () => {
  const { child, ask, onEnd, kill, link } = launch()
  child.emit('spawn')
  const open = ask('a')
  child.stderr.emit('data', 'illegal instruction')
  child.emit('exit', 4)
  await vi.advanceTimersByTimeAsync(300)
  await expect(open).rejects.toMatchObject({ kind: 'inspector-crashed' })
  await expect(open).rejects.toThrow(/signal SIGILL.*illegal instruction/s)
  expect([onEnd.mock.calls.length, kill.mock.calls.length, link.hasEnded]).toEqual([1, 0, true])
  await expect(ask('later')).rejects.toMatchObject({ kind: 'cancelled' })
})

test('a process that gives up says why', async () => {
  const { child, ask, say } = launch()
  child.emit('spawn')
  const open = ask('a')
  say({ type: 'failed', error: { kind: 'internal', message: 'out of the blue', fix: '', params: {} } })
  await expect(open).rejects.toThrow('out of the blue')
})

test('a cancelled question is given up at once, and the process told', async () => {
  const { child, ask, link, say, kill } = launch()
  child.emit('spawn')
  const open = ask('a')
  link.cancel('a')
  link.cancel('unknown')
  await expect(open).rejects.toMatchObject({ kind: 'cancelled' })
  expect(child.sent.at(-1)).toEqual({ type: 'cancel', request: 'a' })
  say({ type: 'refused', request: 'a', error: { kind: 'cancelled', message: '', fix: '', params: {} } })
  await vi.advanceTimersByTimeAsync(120_000)
  expect(kill).not.toHaveBeenCalled()
})

test('a process that does not hear is ended after a minute', async () => {
  const { child, ask, link, kill, onEnd } = launch()
  child.emit('spawn')
  void ask('a')
  link.cancel('a')
  await vi.advanceTimersByTimeAsync(59_000)
  expect(kill).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2000)
  expect(kill).toHaveBeenCalledOnce()
  expect(onEnd).toHaveBeenCalledOnce()
})

test('an end cancels what is open, and is no crash', async () => {
  const { child, ask, link, kill, onEnd } = launch()
  child.emit('spawn')
  const open = ask('a')
  link.end()
  link.end()
  await vi.advanceTimersByTimeAsync(1000)
  await expect(open).rejects.toMatchObject({ kind: 'cancelled' })
  expect([kill.mock.calls.length, onEnd.mock.calls.length]).toEqual([1, 1])
})
