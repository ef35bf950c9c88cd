import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { temporaryHome } from '../testing/fixtures'
import { openStorageOrAside } from './aside'
import { migrations } from './migrate'
import { databaseName } from './home'
import { openStorage } from './open'

test('where the database is of a newer version, runs go into a file beside it, with a notice', () => {
  const home = temporaryHome()
  openStorage(home).close()
  const newer = new Sqlite(join(home, databaseName))
  newer.pragma(`user_version = ${migrations.length + 1}`)
  newer.close()
  const storage = openStorageOrAside(home)
  expect(storage.notice?.kind).toBe('database-too-new')
  expect(storage.db.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0)
  storage.close()
  expect(readdirSync(home).some((name) => name.startsWith('convscope-aside-'))).toBe(true)
})

test('a sound database is opened itself', () => {
  const home = temporaryHome()
  const storage = openStorageOrAside(home)
  expect(storage.notice).toBeNull()
  expect(storage.db.name).toBe(join(home, databaseName))
  storage.close()
})
