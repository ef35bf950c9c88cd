import { chmodSync, chownSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toWire } from '../../../shared/errors'
import { temporaryHome } from '../testing/fixtures'
import { openStorageOrAside } from './aside'
import { databaseName } from './home'
import { openStorage } from './open'

/** Root may write everywhere: what follows is done as somebody else. */
function asOrdinaryUser(home: string): void {
  if (process.getuid?.() !== 0) return
  for (const name of ['', ...readdirSync(home)]) chownSync(join(home, name), 65534, 65534)
  process.seteuid?.(65534)
  onTestFinished(() => process.seteuid?.(0))
}

function homeWithRun() {
  const home = temporaryHome()
  const { db, close } = openStorage(home)
  db.prepare("INSERT INTO settings VALUES ('a', '1')").run()
  close()
  return { home, file: join(home, databaseName), bytes: readFileSync(join(home, databaseName)) }
}

function errorOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    return toWire(error)
  }
  return null
}

test('a folder that may not be written to is named, and nothing in it changes', () => {
  const { home, file, bytes } = homeWithRun()
  asOrdinaryUser(home)
  chmodSync(home, 0o555)
  chmodSync(join(home, 'sessions'), 0o555)
  onTestFinished(() => chmodSync(home, 0o755))
  onTestFinished(() => chmodSync(join(home, 'sessions'), 0o755))
  const error = errorOf(() => openStorageOrAside(home))
  expect(error?.kind).toBe('permission-denied')
  expect(error?.message).toContain(home)
  expect(error?.fix).not.toBe('')
  expect(readFileSync(file).equals(bytes)).toBe(true)
})

test('runs go into a file beside a database that may not be written to', () => {
  const { home, file, bytes } = homeWithRun()
  asOrdinaryUser(home)
  chmodSync(file, 0o444)
  const storage = openStorageOrAside(home)
  expect(storage.notice).toMatchObject({ kind: 'permission-denied', params: { file } })
  expect(storage.db.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0)
  storage.close()
  expect(readFileSync(file).equals(bytes)).toBe(true)
})
