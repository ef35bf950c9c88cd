import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { AppError, toWire, type ErrorKind, type WireError } from '../../../shared/errors'
import type { RestoredBackup } from '../../../shared/ipc/backup-calls'
import { finishRestore, isRestorePlanned } from './backup/replace'
import { databaseName } from './home'
import { clearSuspicion, isSuspect } from './damage'
import { migrations, type NumberedMigration } from './migrate'
import { diskFiles } from '../../run-folder/files'
import { alwaysCheckedBytes, openFile, type FileOptions } from './open-file'
import { finishReplacing, rebuild } from './recover/rebuild'
import { indexFolders } from './recover/index-folders'
import type { TellRecovery } from './recover/recover'
import { indexNotice, recoveryNotice } from './recover/notice'
import { beginSession, type Session } from './sessions'

/** How long opening waits for another program, and how long a write may hold up the window (the queue tries again). */
const openTimeoutMs = 5000
const writeTimeoutMs = 250

export interface Storage {
  readonly db: Database
  readonly home: string
  readonly session: Session
  /** What was found wrong and done about it; null when all is well. */
  readonly notice: WireError | null
  /** The backup that this start put in place; null where none was waiting. */
  readonly restored: RestoredBackup | null
  close(): void
}

export interface OpenOptions {
  readonly file?: string
  readonly known?: readonly NumberedMigration[]
  readonly openTimeoutMs?: number
  /** Throws `TakesLong`, and changes nothing, where more has to be done than opening it. */
  readonly quickly?: boolean
  readonly onProgress?: TellRecovery
}

/** The database has to be checked or recovered, or a backup put in place; call again without `quickly`, away from the window. */
export class TakesLong extends Error {
  constructor() {
    super('opening the database takes long')
    this.name = 'TakesLong'
  }
}

/**
 * Opens the database of a home folder, making both where they are missing. A damaged file is renamed, never deleted, and a
 * new one takes its place with all that could be read of it. Throws `database-locked`, `database-too-new`, `permission-denied`
 * or `disk-full`, naming the file; `database-corrupt` where a damaged file cannot be replaced while another program has it open.
 */
export function openStorage(home: string, options: OpenOptions = {}): Storage {
  const file = options.file ?? join(home, databaseName)
  const known = options.known ?? migrations
  const timeoutMs = options.openTimeoutMs ?? openTimeoutMs
  let begun: Session | null = null
  try {
    mkdirSync(home, { recursive: true })
    const session = (begun = beginSession(home))
    const isOwn = options.file === undefined
    const quickly = (options.quickly ?? false) && isOwn && !session.hasCompany
    if (quickly && isRestorePlanned(home)) throw new TakesLong()
    const planned = isOwn && !session.hasCompany ? restorePlanned(home) : nothingRestored
    const thorough = isOwn && isSuspect(home)
    const suspect = session.uncleanExit || thorough || planned.restored !== null
    const { db, notice } = openOrRecover(file, isOwn ? home : null, {
      known,
      timeoutMs,
      suspect,
      thorough,
      shared: isOwn && session.hasCompany,
      quickly,
      onProgress: options.onProgress ?? (() => undefined),
    })
    db.pragma(`busy_timeout = ${writeTimeoutMs}`)
    // A file beside the database says nothing about the database itself.
    if (isOwn) {
      session.clearDead()
      clearSuspicion(home)
    }
    const { restored, problem } = planned
    return { db, home, session, notice: notice ?? problem, restored, close: () => closeStorage(db, session) }
  } catch (error) {
    begun?.end()
    throw error instanceof TakesLong ? error : explain(error, file)
  }
}

const nothingRestored = { restored: null, problem: null }

/** A backup that could not be put in place changes nothing, and keeps no one from their runs. */
function restorePlanned(home: string): { restored: RestoredBackup | null; problem: WireError | null } {
  try {
    return { restored: finishRestore(home), problem: null }
  } catch (error) {
    return { restored: null, problem: toWire(error) }
  }
}

function closeStorage(db: Database, session: Session): void {
  db.close()
  session.end()
}

/** `home` has the runs' folders; null for a file beside the database. */
function openOrRecover(
  file: string,
  home: string | null,
  options: FileOptions & { readonly quickly: boolean; readonly onProgress: TellRecovery },
): { db: Database; notice: WireError | null } {
  const { shared, suspect, known, quickly, onProgress } = options
  try {
    if (!shared) finishReplacing(file)
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const isNew = size === 0
    const isLong = isNew
      ? home !== null && diskFiles.list(join(home, 'runs')).length > 0
      : suspect && size > alwaysCheckedBytes
    if (quickly && isLong) throw new TakesLong()
    if (suspect) onProgress({ phase: 'check', done: 0, total: 0 })
    const db = openFile(file, options)
    // Something may have been lost without a trace: the file itself, or the end of its log.
    const mayLack = home !== null && !shared && (suspect || isNew)
    return { db, notice: mayLack ? indexAll(db, file, home, onProgress) : null }
  } catch (error) {
    const { kind, message } = toWire(error)
    if (kind !== 'database-corrupt') throw error
    if (quickly) throw new TakesLong()
    if (shared) {
      throw new AppError(
        'database-corrupt',
        `The run database ${file} is damaged, and another Convscope has it open.`,
        {
          fix: 'Close the other one, then start Convscope again: what can be read is recovered.',
          params: { file, detail: message },
          cause: error,
        },
      )
    }
    const { aside, counts } = rebuild(file, known, home, onProgress)
    const notice = recoveryNotice(file, aside, message, counts)
    return { db: openFile(file, { ...options, suspect: false, thorough: false }), notice }
  }
}

function indexAll(db: Database, file: string, home: string, onProgress: TellRecovery): WireError | null {
  try {
    return indexNotice(file, indexFolders(db, home, new Map(), onProgress))
  } catch (error) {
    db.close()
    throw error
  }
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
