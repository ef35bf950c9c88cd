import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors'

/** One step of the schema. Never edited once released: a change is a new file. */
export interface Migration {
  up(db: Database): void
}

const modules = import.meta.glob<Migration>('./migrations/*.ts', { eager: true, import: 'default' })

export type NumberedMigration = Migration & { readonly version: number }

/** All migrations in order; the number is the file name's (`001-runs.ts` leads to version 1). */
export const migrations: readonly NumberedMigration[] = Object.entries(modules)
  .filter(([path]) => !path.includes('.test.'))
  .map(([path, migration]) => ({ up: migration.up, version: Number(/(\d+)-[^/]*$/.exec(path)?.[1]) }))
  .sort((a, b) => a.version - b.version)

const keptBackups = 3

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** Throws `database-too-new` where a newer Convscope has changed the schema. */
export function refuseNewer(db: Database, known: readonly NumberedMigration[]): void {
  const version = schemaVersion(db)
  const newest = known.at(-1)?.version ?? 0
  if (version <= newest) return
  throw new AppError(
    'database-too-new',
    `The run database is of version ${version}, written by a newer Convscope; this one reads up to version ${newest}.`,
    { fix: 'Update Convscope.', params: { version, supported: newest, file: db.name } },
  )
}

/** Brings the schema up to date; a copy of the file is kept beside it first. Each step is all or nothing. */
export function migrate(db: Database, known: readonly NumberedMigration[]): void {
  const before = schemaVersion(db)
  const pending = known.filter((migration) => migration.version > before)
  const [first] = pending
  if (!first) return
  if (before > 0) backup(db, first.version)
  for (const migration of pending) {
    db.transaction(() => {
      // Another program may have migrated between our reading the version and our lock.
      if (schemaVersion(db) >= migration.version) return
      migration.up(db)
      db.pragma(`user_version = ${migration.version}`)
    }).immediate()
  }
}

function backup(db: Database, version: number): void {
  const prefix = `${basename(db.name)}.before-v${version}-`
  const file = join(dirname(db.name), prefix + fileTime(new Date()))
  const unfinished = `${file}.part`
  db.prepare('VACUUM INTO ?').run(unfinished)
  syncFile(unfinished)
  renameSync(unfinished, file)
  const old = readdirSync(dirname(db.name))
    .filter((name) => name.startsWith(`${basename(db.name)}.before-`))
    .sort()
    .slice(0, -keptBackups)
  for (const name of old) rmSync(join(dirname(db.name), name), { force: true })
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** `2026-01-31T12-30-05-123Z`: sorts by time, and is a file name everywhere. */
export function fileTime(time: Date): string {
  return time.toISOString().replaceAll(/[:.]/g, '-')
}
