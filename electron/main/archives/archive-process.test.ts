import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import type { ArchiveCommand, ArchiveEvent } from '../../exchange/archives'
import { archiveProcesses, type ArchiveChild } from './archive-process'

class FakeChild extends EventEmitter implements ArchiveChild {
  readonly pid = 1234
  readonly stderr = new EventEmitter()
  readonly sent: ArchiveCommand[] = []
  postMessage(command: ArchiveCommand): void {
    this.sent.push(command)
  }
  say(event: ArchiveEvent): void {
    this.emit('message', event)
  }
}

function setUp() {
  const child = new FakeChild()
  const kill = vi.fn(() => void setTimeout(() => child.emit('exit', 9), 1))
  const archives = archiveProcesses({ fork: () => child, kill, log: () => undefined })
  return { child, kill, archives }
}

const job = { file: '/backup.zip', into: '/home/restore-1' }
const content = { createdAt: 1, appVersion: '1', runs: 2, folders: true }

test('a job is told once the program runs, its progress is passed on, and its end comes with its result', async () => {
  const { child, archives } = setUp()
  const told: unknown[] = []
  const done = archives.unpack(job, { onProgress: (progress) => told.push(progress) })
  expect(child.sent).toEqual([])
  child.emit('spawn')
  expect(child.sent).toEqual([{ type: 'unpack', job }])
  child.say({ type: 'progress', progress: { done: 1, total: 4 } })
  child.say({ type: 'done', result: content })
  child.emit('exit', 0)
  await expect(done).resolves.toEqual(content)
  expect(told).toEqual([{ done: 1, total: 4 }])
})

test('cancelling ends the process, and settles when it is gone', async () => {
  const { child, kill, archives } = setUp()
  const stop = new AbortController()
  const done = archives.unpack(job, { onProgress: () => undefined, signal: stop.signal })
  child.emit('spawn')
  stop.abort()
  await expect(done).rejects.toMatchObject({ kind: 'cancelled' })
  expect(kill).toHaveBeenCalledTimes(1)
  await expect(archives.unpack(job, { onProgress: () => undefined, signal: stop.signal })).rejects.toMatchObject({
    kind: 'cancelled',
  })
})

test('what it says of an error is the error; an end without a word is a crash', async () => {
  const first = setUp()
  const refused = first.archives.unpack(job, { onProgress: () => undefined })
  first.child.say({ type: 'failed', error: { kind: 'file-corrupt', message: 'no zip', fix: '', params: {} } })
  first.child.emit('exit', 1)
  await expect(refused).rejects.toMatchObject({ kind: 'file-corrupt', message: 'no zip' })
  const second = setUp()
  const crashed = second.archives.unpack(job, { onProgress: () => undefined })
  second.child.stderr.emit('data', 'out of memory\n')
  second.child.emit('exit', 6)
  await expect(crashed).rejects.toMatchObject({ kind: 'archiver-crashed', params: { lines: 'out of memory' } })
})

test('leaving the app ends all that is under way', async () => {
  const { child, archives } = setUp()
  const done = archives.unpack(job, { onProgress: () => undefined })
  child.emit('spawn')
  archives.endAll()
  await expect(done).rejects.toMatchObject({ kind: 'cancelled' })
})
