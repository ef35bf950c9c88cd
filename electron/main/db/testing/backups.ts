import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { toWire } from '../../../../shared/errors'
import { temporaryHome } from '../../testing/fixtures'
import { createBackup } from '../backup/create'
import { planRestore, stagingFolder } from '../backup/replace'
import { unpackBackup } from '../backup/unpack'
import { databaseName } from '../home'
import { openStorage } from '../open'
import { fillHome } from './damage-home'

export const quiet = { onProgress: () => undefined }

/** A home with runs and their folders, in which the weights are not to be compressed. */
export function homeWithRuns() {
  const home = temporaryHome()
  const ids = fillHome(home, [30, 40, 50])
  for (const id of ids) {
    mkdirSync(join(home, 'runs', id, 'epoch-0001'), { recursive: true })
    writeFileSync(join(home, 'runs', id, 'epoch-0001', 'weights.safetensors'), id.repeat(10_000))
    writeFileSync(join(home, 'runs', id, 'run.json'), '{}')
    mkdirSync(join(home, 'runs', id, '.epoch-0002.part'))
    writeFileSync(join(home, 'runs', id, '.epoch-0002.part', 'weights.safetensors'), 'not whole')
  }
  return { home, ids }
}

export async function backUp(home: string, folders: boolean, signal?: AbortSignal) {
  const storage = openStorage(home)
  onTestFinished(() => void (storage.db.open && storage.close()))
  const file = join(temporaryHome(), 'backup.zip')
  const told: number[] = []
  const made = await createBackup(storage, file, {
    appVersion: '1.0.0',
    folders,
    onProgress: ({ done, total }) => void told.push(done / total),
    ...(signal ? { signal } : {}),
  })
  storage.close()
  return { file, made, told }
}

export async function restore(home: string, file: string) {
  const staging = stagingFolder(home)
  const { createdAt } = await unpackBackup({ file, into: staging }, quiet)
  planRestore(home, staging, createdAt)
  return openAndClose(home)
}

export function openAndClose(home: string) {
  const storage = openStorage(home)
  storage.close()
  return storage
}

export function runsIn(home: string): unknown[] {
  const db = new Sqlite(join(home, databaseName), { readonly: true })
  const ids = db.prepare('SELECT id FROM runs ORDER BY number').pluck().all()
  db.close()
  return ids
}

export async function kindOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return toWire(error).kind
  }
}
