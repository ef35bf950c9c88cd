import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { RecoveryProgress } from '../../../shared/ipc/recovery-progress'
import { databaseName } from '../db/home'
import { putRight, type RecoverCommand } from '../db/recover/job'
import { fillHome } from '../db/testing/damage-home'
import { fillFolders } from '../db/testing/run-folders'
import { temporaryHome } from '../testing/fixtures'
import { openBehindSign, type RecoverChild } from './open-behind'

/** Does in this process what the program does in its own, or dies as it begins. */
class FakeChild extends EventEmitter implements RecoverChild {
  readonly pid = 1234
  readonly stderr = new EventEmitter()
  constructor(private readonly dies: boolean) {
    super()
    setTimeout(() => this.emit('spawn'), 1)
  }
  postMessage(command: RecoverCommand): void {
    if (!this.dies) {
      const onProgress = (progress: RecoveryProgress) => void this.emit('message', { type: 'progress', progress })
      this.emit('message', { type: 'done', result: putRight(command, onProgress) })
    }
    this.emit('exit', this.dies ? 9 : 0)
  }
}

async function openHome(home: string, dies = false) {
  const told: RecoveryProgress[] = []
  const close = vi.fn()
  const show = vi.fn(() => ({ tell: (progress: RecoveryProgress) => void told.push(progress), close }))
  const fork = () => new FakeChild(dies)
  const storage = await openBehindSign({ home, fork, kill: () => undefined, log: () => undefined, show })
  onTestFinished(storage.close)
  return { storage, told, show, close, runs: Number(storage.db.prepare('SELECT count(*) FROM runs').pluck().get()) }
}

/** A home of three runs with their folders. */
function filled(): string {
  const home = temporaryHome()
  fillHome(home, [300, 400, 500, 600])
  fillFolders(home)
  return home
}

function damage(home: string): void {
  const file = join(home, databaseName)
  const bytes = readFileSync(file)
  for (let at = 4096; at < bytes.length; at += 8192) bytes.fill(0, at, at + 4096)
  writeFileSync(file, bytes)
}

test('a sound database, and a new one, open at once', async () => {
  const { show, runs } = await openHome(filled())
  expect(runs).toBe(3)
  expect((await openHome(temporaryHome())).show).not.toHaveBeenCalled()
  expect(show).not.toHaveBeenCalled()
})

test.each([false, true])('a damaged one is put right behind a sign (the process dies: %s)', async (dies) => {
  const home = filled()
  damage(home)
  const { storage, told, show, close, runs } = await openHome(home, dies)
  expect(runs).toBe(3)
  expect(show).toHaveBeenCalledTimes(1)
  expect(close).toHaveBeenCalledTimes(1)
  expect(storage.notice?.params).toMatchObject({ lost: 0 })
  expect(readdirSync(home).filter((name) => name.includes('.corrupt-')).length).toBeGreaterThan(0)
  if (dies) return
  expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(['pages', 'folders']))
  expect(told.every(({ done, total }) => done <= total)).toBe(true)
})

test('a lost one is made anew from the run folders behind a sign, once', async () => {
  const home = filled()
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(home, databaseName + suffix), { force: true })
  const first = await openHome(home)
  expect(first.runs).toBe(3)
  expect(first.storage.notice?.params).toMatchObject({ reindexed: 3 })
  expect(first.told.at(-1)).toMatchObject({ phase: 'folders', total: 3 })
  first.storage.close()
  const second = await openHome(home)
  expect(second.show).not.toHaveBeenCalled()
  expect(second.storage.notice).toBeNull()
})

test('an empty folder of runs is no reason to wait', async () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'runs'))
  expect((await openHome(home)).show).not.toHaveBeenCalled()
})
