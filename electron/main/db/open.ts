import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import { AppError, toWire, type ErrorKind, type WireError } from '../../../shared/errors'
import { fileTime, migrate, migrations, refuseNewer, type NumberedMigration } from './migrate'
import { beginSession, type Session } from './sessions'

export const databaseName = 'convscope.sqlite'

/** Files up to this size are checked at each start (a fraction of a second); larger ones after an unclean exit. */
const alwaysCheckedBytes = 32 * 1024 * 1024

/** How long opening waits for another program, and how long a write may hold up the window (the queue tries again). */
const openTimeoutMs = 5000
const writeTimeoutMs = 250

export interface Storage {
  readonly db: Database
  readonly home: string
  readonly session: Session
  /** What was found wrong and done about it; null when all is well. */
  readonly notice: WireError | null
  close(): void
}

export interface OpenOptions {
  readonly file?: string
  readonly known?: readonly NumberedMigration[]
  readonly openTimeoutMs?: number
}

/**
 * Opens the database of a home folder, making both where they are missing. A damaged file is renamed, never deleted, and a
 * new one is begun. Throws `database-locked`, `database-too-new`, `permission-denied` or `disk-full`, naming the file.
 */
export function openStorage(home: string, options: OpenOptions = {}): Storage {
  const file = options.file ?? join(home, databaseName)
  const known = options.known ?? migrations
  const timeout = options.openTimeoutMs ?? openTimeoutMs
  let begun: Session | null = null
  try {
    mkdirSync(home, { recursive: true })
    const session = (begun = beginSession(home))
    const { db, notice } = openOrSetAside(file, known, timeout, session.uncleanExit)
    db.pragma(`busy_timeout = ${writeTimeoutMs}`)
    session.clearDead()
    return { db, home, session, notice, close: () => closeStorage(db, session) }
  } catch (error) {
    begun?.end()
    throw explain(error, file)
  }
}

function closeStorage(db: Database, session: Session): void {
  db.close()
  session.end()
}

function openOrSetAside(
  file: string,
  known: readonly NumberedMigration[],
  timeout: number,
  suspect: boolean,
): { db: Database; notice: WireError | null } {
  try {
    return { db: openFile(file, known, timeout, suspect), notice: null }
  } catch (error) {
    if (toWire(error).kind !== 'database-corrupt') throw error
    const aside = setAside(file)
    const notice = new AppError('database-corrupt', `The run database was damaged. It is kept as ${aside}.`, {
      fix: 'A new database was begun. The weights of earlier runs are still in the folder "runs".',
      params: { file, aside, detail: toWire(error).message },
    })
    return { db: openFile(file, known, timeout, false), notice: toWire(notice) }
  }
}

function openFile(file: string, known: readonly NumberedMigration[], timeout: number, suspect: boolean): Database {
  const size = existsSync(file) ? statSync(file).size : 0
  const db = new Sqlite(file, { timeout })
  try {
    refuseNewer(db, known)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    if (suspect || size <= alwaysCheckedBytes) quickCheck(db)
    migrate(db, known)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function quickCheck(db: Database): void {
  const found = String(db.pragma('quick_check(1)', { simple: true }))
  if (found !== 'ok') throw new AppError('database-corrupt', found)
}

/** Renames the database and its journal; gives the new path. */
function setAside(file: string): string {
  const aside = `${file}.corrupt-${fileTime(new Date())}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

const explanations: Partial<Record<ErrorKind, { message: string; fix: string }>> = {
  'database-locked': {
    message: 'Another program holds the run database',
    fix: 'Close the program that has it open, then start Convscope again.',
  },
  'permission-denied': {
    message: 'The run database may not be written',
    fix: 'Give yourself the right to write to the file and its folder.',
  },
  'disk-full': { message: 'The disk is full, so the run database cannot be opened', fix: 'Make room on the disk.' },
}

function explain(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error
  const wire = toWire(error)
  const known = explanations[wire.kind]
  const message = known ? `${known.message}: ${file}` : `The run database ${file} cannot be opened: ${wire.message}`
  return new AppError(wire.kind, message, {
    fix: known?.fix ?? '',
    params: { file, detail: wire.message },
    cause: error,
  })
}
