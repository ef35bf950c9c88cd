import { rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { ArchiveWatch, Archives } from '../../../exchange/archives'
import { AppError, toWire } from '../../../../shared/errors'
import { replaceFile } from '../../../exchange/replace-file'
import { schemaVersion } from '../migrate'
import type { Storage } from '../open'
import { writeBackup } from './write'

export interface BackupOptions extends ArchiveWatch {
  readonly appVersion: string
  /** Also the run folders: weights, checkpoints, journals. */
  readonly folders: boolean
  /** Writes it, here or in a process of its own. */
  readonly write?: Archives['backup']
}

export interface MadeBackup {
  readonly runs: number
  readonly files: number
  /** Size of the file. */
  readonly bytes: number
}

/** Pages of the database that are copied in one go, so that the window does not wait: some milliseconds. */
const pagesAtOnce = 500

/**
 * Writes a backup of the database as of one moment, and of the run folders where they are wanted, into `target`: all of it or
 * nothing. What is recorded meanwhile goes on. Throws `cancelled`, `disk-full` and the like, naming the file.
 */
export async function createBackup(storage: Storage, target: string, options: BackupOptions): Promise<MadeBackup> {
  const { appVersion, folders, onProgress, signal, write = writeBackup } = options
  const { db, home } = storage
  const snapshot = join(dirname(target), `.${basename(target)}.${process.pid}.sqlite`)
  try {
    const runs = countRuns(db)
    const files = await replaceFile(target, async (unfinished) => {
      await copyDatabase(db, snapshot, signal)
      const job = { target: unfinished, home, snapshot, folders, appVersion, schema: schemaVersion(db), runs }
      return write(job, { onProgress, signal })
    })
    return { runs, files, bytes: (await stat(target)).size }
  } catch (error) {
    throw explain(error, target, signal)
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(snapshot + suffix, { force: true })
  }
}

/** SQLite's own online backup: a consistent copy while others write. */
async function copyDatabase(db: Database, to: string, signal: AbortSignal | undefined): Promise<void> {
  await db.backup(to, {
    progress() {
      signal?.throwIfAborted()
      return pagesAtOnce
    },
  })
}

export function countRuns(db: Database): number {
  return db.prepare<[], number>('SELECT count(*) FROM runs WHERE deleted_at IS NULL').pluck().get() ?? 0
}

function explain(error: unknown, target: string, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('cancelled', 'The backup was cancelled; nothing was written.')
  const { kind, message } = toWire(error)
  const fixes: Partial<Record<typeof kind, string>> = {
    'disk-full': 'Make room on the disk, back up to another one, or leave the weights out.',
    'permission-denied': 'Choose another folder.',
    'not-found': 'The folder is gone; choose another one.',
  }
  return new AppError(kind, `The backup ${target} could not be written: ${message}`, {
    fix: fixes[kind] ?? 'Choose another folder.',
    params: { path: target, detail: message },
    cause: error,
  })
}
