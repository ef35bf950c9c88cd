import { existsSync, readFileSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { toWire } from '../../../shared/errors'
import { sqliteError, temporaryHome } from '../testing/fixtures'
import { noteDamage } from './damage'
import { migrations, schemaVersion, type NumberedMigration } from './migrate'
import { databaseName } from './home'
import { openStorage } from './open'

function kindOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return toWire(error).kind
  }
  return 'none'
}

const addTable: NumberedMigration = {
  version: migrations.length + 1,
  up: (db) => void db.exec('CREATE TABLE later (a INTEGER)'),
}

test('a new home gets a database that is safe against power loss', () => {
  const { db, notice, close } = openStorage(join(temporaryHome(), 'deep', 'home'))
  expect(notice).toBeNull()
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(db.pragma('synchronous', { simple: true })).toBe(2)
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(schemaVersion(db)).toBe(migrations.at(-1)?.version)
  close()
})

test('opened again, it holds what was written', () => {
  const home = temporaryHome()
  const first = openStorage(home)
  first.db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  first.close()
  const second = openStorage(home)
  expect(second.db.prepare('SELECT value FROM settings').pluck().get()).toBe('1')
  second.close()
})

test('migrations are numbered from 1 without a gap', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
})

test('a migration keeps a copy of the older file beside it', () => {
  const home = temporaryHome()
  const old = openStorage(home)
  old.db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  old.close()
  const { db, close } = openStorage(home, { known: [...migrations, addTable] })
  expect(schemaVersion(db)).toBe(addTable.version)
  close()
  const backup = readdirSync(home).find((name) => name.includes('.before-v'))
  const copy = new Sqlite(join(home, backup ?? ''), { readonly: true })
  expect(copy.prepare('SELECT value FROM settings').pluck().get()).toBe('1')
  expect(schemaVersion(copy)).toBe(migrations.length)
  copy.close()
})

test('a migration that fails changes nothing', () => {
  const home = temporaryHome()
  openStorage(home).close()
  const broken: NumberedMigration = {
    version: addTable.version,
    up(db) {
      addTable.up(db)
      throw new Error('half way')
    },
  }
  expect(() => openStorage(home, { known: [...migrations, broken] })).toThrow('half way')
  const { db, close } = openStorage(home)
  expect(schemaVersion(db)).toBe(migrations.length)
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'later'").get()).toBeUndefined()
  close()
})

test('a file of a newer version is refused and left alone', () => {
  const home = temporaryHome()
  openStorage(home, { known: [...migrations, addTable] }).close()
  const before = readFileSync(join(home, databaseName))
  expect(kindOf(() => openStorage(home))).toBe('database-too-new')
  expect(readFileSync(join(home, databaseName))).toEqual(before)
})

test('a file that is no database is set aside and a new one begun', () => {
  const home = temporaryHome()
  writeFileSync(join(home, databaseName), 'these are my runs, honestly'.repeat(100))
  const { db, notice, close } = openStorage(home)
  expect(notice?.kind).toBe('database-corrupt')
  const aside = String(notice?.params.aside)
  expect(readFileSync(aside, 'utf8')).toContain('honestly')
  expect(schemaVersion(db)).toBe(migrations.length)
  close()
})

test('a file damaged in its middle is found out and set aside', () => {
  const home = temporaryHome()
  const first = openStorage(home)
  const insert = first.db.prepare('INSERT INTO settings VALUES (?, ?)')
  first.db.transaction(() => {
    for (let i = 0; i < 2000; i++) insert.run(`key ${i}`, 'x'.repeat(100))
  })()
  first.close()
  const file = join(home, databaseName)
  const bytes = readFileSync(file)
  bytes.fill(0xaa, bytes.length / 2, bytes.length / 2 + 8192)
  writeFileSync(file, bytes)
  const { notice, close } = openStorage(home)
  expect(notice?.kind).toBe('database-corrupt')
  close()
})

test('a file cut off is set aside', () => {
  const home = temporaryHome()
  openStorage(home).close()
  truncateSync(join(home, databaseName), 5000)
  const { notice, close } = openStorage(home)
  expect(notice?.kind).toBe('database-corrupt')
  close()
})

test('another program that holds the file is named as the reason', () => {
  const home = temporaryHome()
  openStorage(home).close()
  const holder = new Sqlite(join(home, databaseName))
  onTestFinished(() => void holder.close())
  holder.pragma('locking_mode = EXCLUSIVE')
  holder.exec('BEGIN EXCLUSIVE')
  const error = kindOf(() => openStorage(home, { openTimeoutMs: 50 }))
  expect(error).toBe('database-locked')
  expect(existsSync(join(home, databaseName))).toBe(true)
})

test.each([0, 1])('a file that says it is of version %i, though its tables are newer, is recovered', (version) => {
  const home = temporaryHome()
  const { db, close } = openStorage(home)
  db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  db.pragma(`user_version = ${version}`)
  close()
  const second = openStorage(home)
  expect(second.notice?.kind).toBe('database-corrupt')
  expect(schemaVersion(second.db)).toBe(migrations.length)
  expect(second.db.prepare('SELECT value FROM settings').pluck().get()).toBe('1')
  second.close()
})

test('a version that no program has is damage, not a newer one', () => {
  const home = temporaryHome()
  const { db, close } = openStorage(home)
  db.pragma(`user_version = ${2 ** 27 + 2}`)
  close()
  const second = openStorage(home)
  expect(second.notice?.kind).toBe('database-corrupt')
  second.close()
})

test('a damaged file that another program has open is left alone', () => {
  const home = temporaryHome()
  const first = openStorage(home)
  onTestFinished(first.close)
  writeFileSync(join(home, databaseName), 'no database '.repeat(1000))
  expect(kindOf(() => openStorage(home))).toBe('database-corrupt')
  expect(readFileSync(join(home, databaseName), 'utf8')).toContain('no database')
})

test('damage that was noted while the file was in use has all of it checked at the next start', () => {
  const home = temporaryHome()
  const { db, close } = openStorage(home)
  db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  close()
  noteDamage(home, toWire(sqliteError('SQLITE_CORRUPT')))
  const second = openStorage(home)
  expect(second.notice).toBeNull()
  second.close()
  expect(readdirSync(home).some((name) => name.includes('suspect'))).toBe(false)
})

test('a replacement that the computer’s stop left half done is ended at the next start', () => {
  const home = temporaryHome()
  const { db, close } = openStorage(home)
  db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  close()
  const file = join(home, databaseName)
  renameSync(file, `${file}.recovered`)
  writeFileSync(`${file}-wal`, 'the log of the damaged one')
  const second = openStorage(home)
  expect(second.db.prepare('SELECT value FROM settings').pluck().get()).toBe('1')
  second.close()
  const names = readdirSync(home)
  expect(names.find((name) => /\.corrupt-.*-wal$/.test(name))).toBeDefined()
})
