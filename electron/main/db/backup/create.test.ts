import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryHome } from '../../testing/fixtures'
import { databaseName } from '../home'
import { openStorage } from '../open'
import { backUp, homeWithRuns, kindOf, quiet, restore, runsIn } from '../testing/backups'
import { createBackup } from './create'

test('a backup brings runs, metrics and weights into an empty home', async () => {
  const { home, ids } = homeWithRuns()
  const { file, made, told } = await backUp(home, true)
  expect(made).toMatchObject({ runs: ids.length, files: 1 + 2 * ids.length, bytes: statSync(file).size })
  expect(told.at(-1)).toBe(1)
  expect(told.toSorted((a, b) => a - b)).toEqual(told)
  const other = temporaryHome()
  const { restored, notice } = await restore(other, file)
  expect(notice).toBeNull()
  expect(restored?.createdAt).toBeGreaterThan(Date.now() - 60_000)
  expect(runsIn(other)).toEqual(ids)
  for (const id of ids) {
    expect(readFileSync(join(other, 'runs', id, 'epoch-0001', 'weights.safetensors'), 'utf8')).toBe(id.repeat(10_000))
    expect(existsSync(join(other, 'runs', id, '.epoch-0002.part'))).toBe(false)
  }
  expect(readdirSync(other).filter((name) => name.startsWith('restore'))).toEqual([])
})

test('it is taken while runs are recorded, as of one moment', async () => {
  const { home } = homeWithRuns()
  const storage = openStorage(home)
  const insert = storage.db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)')
  let count = 0
  const write = storage.db.transaction(() => {
    count += 1
    for (const key of ['a', 'b']) insert.run(key, String(count))
  })
  write()
  const timer = setInterval(write, 1)
  const file = join(temporaryHome(), 'backup.zip')
  await createBackup(storage, file, { appVersion: '1', folders: true, ...quiet })
  clearInterval(timer)
  storage.close()
  const other = temporaryHome()
  await restore(other, file)
  const db = new Sqlite(join(other, databaseName), { readonly: true })
  const [a, b] = db.prepare("SELECT value FROM settings WHERE key IN ('a', 'b')").pluck().all()
  db.close()
  expect(a).toBe(b)
})

test('a cancelled or failing backup leaves nothing, and an older file as it was', async () => {
  const { home } = homeWithRuns()
  const storage = openStorage(home)
  onTestFinished(storage.close)
  const folder = temporaryHome()
  const file = join(folder, 'backup.zip')
  writeFileSync(file, 'the one of yesterday')
  const stop = new AbortController()
  const options = { appVersion: '1', folders: true, onProgress: () => stop.abort(), signal: stop.signal }
  expect(await kindOf(() => createBackup(storage, file, options))).toBe('cancelled')
  expect(readdirSync(folder)).toEqual(['backup.zip'])
  expect(readFileSync(file, 'utf8')).toBe('the one of yesterday')
  expect(
    await kindOf(() => createBackup(storage, join(folder, 'no', 'folder.zip'), { ...options, ...quiet })),
  ).not.toBe('none')
})
