import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import { diskFiles } from '../../documents/atomic-write'
import { fileTime, type NumberedMigration } from '../migrate'
import { check, databaseFiles, openFile } from '../open-file'
import type { RecoveryCounts } from './notice'
import type { MendedRun } from './run-row'
import { indexFolders, nothingIndexed } from './index-folders'
import { keepMetrics, pruneOrphans, recoverInto, type TellRecovery } from './recover'

export interface Rebuilt {
  /** Where the damaged file is now, as it was. */
  readonly aside: string
  readonly counts: RecoveryCounts
}

/** A recovered database waits under this name until the damaged one is out of its way. */
const readyName = (file: string) => `${file}.recovered`

/**
 * Puts a new database in place of a damaged one, with everything that could be read of it, and renames the damaged one and its log.
 * What their folders hold of runs in `home` is added; null where the file has none. Until all is written and safe on the disk
 * nothing is renamed; stopped in between, `finishReplacing` ends it.
 */
export function rebuild(
  file: string,
  known: readonly NumberedMigration[],
  home: string | null,
  onProgress?: TellRecovery,
): Rebuilt {
  const unfinished = `${file}.recovering`
  for (const leftover of databaseFiles(unfinished)) rmSync(leftover)
  const db = openFile(unfinished, { known, timeoutMs: 1000, suspect: false, thorough: false, shared: false })
  let counts: RecoveryCounts
  try {
    db.pragma('synchronous = OFF')
    db.pragma('foreign_keys = OFF')
    counts = fill(db)
    check(db)
    db.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    db.close()
    for (const leftover of databaseFiles(unfinished)) rmSync(leftover)
    throw error
  }
  db.close()
  syncFile(unfinished)
  renameSync(unfinished, readyName(file))
  return { counts, aside: replace(file) }

  function fill(target: Database): RecoveryCounts {
    const recovered = recoverInto(target, file, onProgress)
    const indexed = home === null ? nothingIndexed : indexFolders(target, home, recovered.broken, onProgress)
    const broken = [...recovered.broken.values()].filter(({ number }) => !indexed.mended.has(number))
    const kept = new Set(keepMetrics(target, broken))
    pruneOrphans(target)
    const name = (run: MendedRun) => run.name ?? run.id ?? `#${run.number}`
    return {
      recovered: recovered.runs.size + kept.size,
      reindexed: indexed.mended.size + indexed.added.length,
      incomplete: broken.filter(({ number }) => kept.has(number)).map(name),
      lost: [...broken.filter(({ number }) => !kept.has(number)).map(name), ...indexed.unreadable],
    }
  }
}

/** Ends a replacement that the computer's stop left half done. */
export function finishReplacing(file: string): void {
  if (existsSync(readyName(file))) replace(file)
}

/** The log first: the database that comes must never be read together with it. */
function replace(file: string): string {
  const aside = `${file}.corrupt-${fileTime(new Date())}`
  for (const suffix of ['-shm', '-wal', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  renameSync(readyName(file), file)
  diskFiles.syncFolder(dirname(file))
  return aside
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
