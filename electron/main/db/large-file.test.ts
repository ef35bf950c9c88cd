import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { databaseName } from './home'
import { openStorage, TakesLong } from './open'
import { alwaysCheckedBytes } from './open-file'
import { fillHome } from './testing/damage-home'

/** Larger than what all of is checked at each start; gives where the pages of a table and its indexes begin. */
function largeHome(table: string) {
  const home = temporaryHome()
  const ids = fillHome(home, [30, 40, 50])
  const storage = openStorage(home)
  storage.db
    .prepare('INSERT INTO curves SELECT max(number), 1, zeroblob(?), zeroblob(4) FROM runs')
    .run(alwaysCheckedBytes)
  const pages = storage.db
    .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE tbl_name = ? AND rootpage > 0')
    .pluck()
    .all(table)
  storage.close()
  const file = join(home, databaseName)
  expect(statSync(file).size).toBeGreaterThan(alwaysCheckedBytes)
  return { home, ids, file, pages }
}

function clearPage(file: string, page: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, new Uint8Array(4096).fill(0x55), 0, 4096, (page - 1) * 4096)
  closeSync(handle)
}

test('damage of what a start reads is found in a large file, too', { timeout: 60_000 }, () => {
  const { pages } = largeHome('runs')
  expect(pages.length).toBeGreaterThan(2)
  for (const index of pages.keys()) {
    const { home, ids, file } = largeHome('runs')
    clearPage(file, pages[index] ?? 0)
    expect(() => openStorage(home, { quickly: true })).toThrow(TakesLong)
    expect(readdirSync(home).some((name) => name.includes('.corrupt-'))).toBe(false)
    const { db, notice, close } = openStorage(home)
    expect(notice?.kind).toBe('database-corrupt')
    expect(Number(db.prepare('SELECT count(*) FROM runs').pluck().get()) + Number(notice?.params.lost)).toBe(ids.length)
    close()
  }
})

test('a sound large file opens quickly; after an unclean exit it takes its time', () => {
  const { home } = largeHome('runs')
  openStorage(home, { quickly: true }).close()
  const handle = openSync(join(home, 'sessions', `${2 ** 22 + 1}-crashed`), 'w')
  closeSync(handle)
  expect(() => openStorage(home, { quickly: true })).toThrow(TakesLong)
  openStorage(home).close()
  openStorage(home, { quickly: true }).close()
})
