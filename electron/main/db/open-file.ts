import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors'
import { migrate, refuseNewer, type NumberedMigration } from './migrate'
import { isPageSize } from './recover/pages'
import { mendRun } from './recover/run-row'
import { readWal } from './recover/wal'

/** Files up to this size are checked at each start (a fraction of a second); of larger ones all of it where they are suspected. */
export const alwaysCheckedBytes = 32 * 1024 * 1024

/** No schema will ever have so high a version; one that has is damaged, not newer. */
const highestVersion = 1000

export interface FileOptions {
  readonly known: readonly NumberedMigration[]
  /** How long to wait for another program. */
  readonly timeoutMs: number
  /** A program died with the file open: it is checked, whatever its size. */
  readonly suspect: boolean
  /** Damage showed while it was in use: every run is looked at, too. */
  readonly thorough: boolean
  /** Another program may be writing to it now. */
  readonly shared: boolean
}

/**
 * Opens a database file, making it where it is missing, and brings it up to date. A file found to be damaged is not written to,
 * and neither is its log: throws `database-corrupt`, or `database-too-new`.
 */
export function openFile(file: string, options: FileOptions): Database {
  const { known, timeoutMs, suspect, thorough, shared } = options
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > 0) {
    checkHeader(file)
    if (!shared && readWal(`${file}-wal`)?.damaged) {
      throw new AppError('database-corrupt', `The write-ahead log ${file}-wal is damaged.`)
    }
    inspect(file, timeoutMs, (db) => {
      refuseNewer(db, known)
      if (suspect || size <= alwaysCheckedBytes) check(db)
      else checkSmallTables(db)
      if (thorough) checkRuns(db)
    })
  }
  const db = new Sqlite(file, { timeout: timeoutMs })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // What is deleted is overwritten, so that recovering a damaged file later cannot bring it back.
    db.pragma('secure_delete = ON')
    bringUpToDate(db, known)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Looks into a file through a connection that cannot change it: closing one that can would move the log into the file. */
function inspect(file: string, timeout: number, look: (db: Database) => void): void {
  const db = new Sqlite(file, { readonly: true, timeout })
  try {
    look(db)
  } finally {
    db.close()
  }
}

/** Throws `database-corrupt` where pages do not fit together, or a text that holds JSON does not. */
export function check(db: Database): void {
  // The quick check would not see that rows are out of order, and takes as long on tables like ours.
  checkIntegrity(db, '1')
  checkTexts(db)
}

/** What nearly all of a large file consists of. */
const largeTables = new Set(['steps', 'curves', 'histograms'])

/** All that a start reads: damage there would keep the app from starting, and so from finding it. */
function checkSmallTables(db: Database): void {
  const names = db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  for (const name of names) if (!largeTables.has(name)) checkIntegrity(db, `"${name}"`)
  checkTexts(db)
}

function checkIntegrity(db: Database, what: string): void {
  const found = String(db.pragma(`integrity_check(${what})`, { simple: true }))
  if (found !== 'ok') throw new AppError('database-corrupt', found)
}

function checkTexts(db: Database): void {
  for (const [table, column] of jsonColumns(db)) {
    const broken = db.prepare(`SELECT 1 FROM "${table}" WHERE NOT json_valid("${column}") LIMIT 1`).get()
    if (broken) throw new AppError('database-corrupt', `The column ${column} of ${table} holds damaged text.`)
  }
}

/** A value can be damaged and still be a value: what the app could not use is found here. */
function checkRuns(db: Database): void {
  for (const row of db.prepare<[], Record<string, string | number | null>>('SELECT * FROM runs').iterate()) {
    const mended = mendRun(row, () => undefined)
    const broken = Object.keys(row).find((column) => !mended || !(column in mended.sound))
    if (broken !== undefined || !mended?.row) {
      throw new AppError('database-corrupt', `The run ${String(row.id)} has a damaged ${broken ?? 'row'}.`)
    }
  }
}

/** SQLite has no checksums: damage within a text shows only where the text has to make sense. */
const texts = /^(runs\.(document|config|state_detail|engine|progress|tags|parent)|settings\.value|experiments\.plan)$/

function jsonColumns(db: Database): [table: string, column: string][] {
  return db
    .prepare<[], [string, string]>(
      "SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_info(t.name) AS c WHERE t.schema = 'main'",
    )
    .raw()
    .all()
    .filter(([table, column]) => texts.test(`${table}.${column}`))
}

/** A step that SQLite refuses meets tables that are not those of the version that the file names. */
function bringUpToDate(db: Database, known: readonly NumberedMigration[]): void {
  try {
    migrate(db, known)
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_ERROR') throw error
    throw new AppError('database-corrupt', `The tables do not fit the version of the file: ${error.message}.`, {
      cause: error,
    })
  }
}

/** What SQLite takes without a word: it would open such a file for reading only, or take its texts for others. */
function checkHeader(file: string): void {
  const header = new Uint8Array(100)
  // To write as well: SQLite itself would open a file that may not be written to, and fail at the first run.
  const handle = openSync(file, 'r+')
  try {
    readSync(handle, header, 0, header.length, 0)
  } finally {
    closeSync(handle)
  }
  const view = new DataView(header.buffer)
  const pageSize = view.getUint16(16) === 1 ? 65536 : view.getUint16(16)
  const sound =
    new TextDecoder().decode(header.subarray(0, 16)) === 'SQLite format 3\0' &&
    isPageSize(pageSize) &&
    [18, 19].every((at) => header[at] === 1 || header[at] === 2) &&
    [0, 64, 32, 32].every((value, index) => header[20 + index] === value) &&
    view.getUint32(56) <= 1 &&
    view.getUint32(60) < highestVersion
  if (!sound) throw new AppError('database-corrupt', `${file} does not begin as a database does.`)
}

/** The files that belong to a database, those that are there. */
export function databaseFiles(file: string): string[] {
  return ['', '-wal', '-shm'].map((suffix) => file + suffix).filter((path) => existsSync(path))
}
