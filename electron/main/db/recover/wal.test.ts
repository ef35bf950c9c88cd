import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from '../../testing/fixtures'
import { databaseName } from '../home'
import { openStorage } from '../open'
import { readWal } from './wal'

const frameSize = 4096 + 24
const transactions = 12

/** A home as a power cut leaves it: one setting written by each of several transactions, all still in the log. */
function cutOff() {
  const live = temporaryHome()
  const { db, close } = openStorage(live)
  db.pragma('wal_checkpoint(TRUNCATE)')
  // Keys far apart, so that transactions write different pages.
  const insert = db.prepare('INSERT INTO settings VALUES (?, ?)')
  for (let i = 0; i < transactions; i++) insert.run(`key ${i}`, JSON.stringify('x'.repeat(2000)))
  const home = temporaryHome()
  mkdirSync(join(home, 'sessions'))
  writeFileSync(join(home, 'sessions', `${2 ** 22 + 1}-crashed`), '')
  for (const suffix of ['', '-wal', '-shm'])
    copyFileSync(join(live, databaseName + suffix), join(home, databaseName + suffix))
  close()
  return { home, log: join(home, `${databaseName}-wal`) }
}

function settingsOf(home: string) {
  const { db, notice, close } = openStorage(home)
  const keys = db.prepare('SELECT key FROM settings').pluck().all()
  close()
  return { keys: new Set(keys), notice }
}

test('a sound log is read as SQLite reads it', () => {
  const { home, log } = cutOff()
  expect(readWal(log)).toMatchObject({ damaged: false, pageSize: 4096 })
  const { keys, notice } = settingsOf(home)
  expect({ count: keys.size, notice }).toEqual({ count: transactions, notice: null })
})

test('a missing -shm is made again', () => {
  const { home } = cutOff()
  rmSync(join(home, `${databaseName}-shm`))
  const { keys, notice } = settingsOf(home)
  expect({ count: keys.size, notice }).toEqual({ count: transactions, notice: null })
})

test('a log that is gone costs what only the log held', () => {
  const { home, log } = cutOff()
  rmSync(log)
  expect(settingsOf(home).keys.size).toBe(0)
})

test('a last transaction that is torn is no damage', () => {
  const { home, log } = cutOff()
  const bytes = readFileSync(log)
  writeFileSync(log, bytes.subarray(0, bytes.length - 100))
  const { keys, notice } = settingsOf(home)
  expect({ count: keys.size, notice }).toEqual({ count: transactions - 1, notice: null })
})

test('a damaged frame costs at most what it alone held, not what was written after it', () => {
  const frames = (readFileSync(cutOff().log).length - 32) / frameSize
  const lost: number[] = []
  for (let frame = 0; frame < frames; frame++) {
    const { home, log } = cutOff()
    const bytes = readFileSync(log)
    const at = 32 + frame * frameSize + 24 + 3000
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    writeFileSync(log, bytes)
    const before = readFileSync(log)
    const { keys, notice } = settingsOf(home)
    if (notice) expect(readFileSync(`${String(notice.params.aside)}-wal`).equals(before)).toBe(true)
    lost.push(transactions - keys.size)
  }
  expect(Math.max(...lost)).toBeLessThanOrEqual(2)
  expect(lost.reduce((sum, count) => sum + count)).toBeLessThan(frames)
})

test.each([0, 5, 20, 28])('a log whose header is damaged at byte %i is read all the same', (place) => {
  const { home, log } = cutOff()
  const bytes = readFileSync(log)
  bytes[place] = (bytes[place] ?? 0) ^ 4
  writeFileSync(log, bytes)
  const { keys, notice } = settingsOf(home)
  expect(notice?.kind).toBe('database-corrupt')
  expect(keys.size).toBe(transactions)
  expect(existsSync(`${String(notice?.params.aside)}-wal`)).toBe(true)
})
