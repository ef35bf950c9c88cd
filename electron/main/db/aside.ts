import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { toWire } from '../../../shared/errors'
import { openStorage, type Storage } from './open'
import { fileTime } from './migrate'
import { isRunning } from './sessions'

const asideName = /^convscope-aside-(\d+)-.*\.sqlite$/

/**
 * Where the database cannot be used (locked, written by a newer Convscope, a full disk), runs are recorded in a file beside
 * it; `mergeAside` brings them home at a later start.
 */
export function openAside(home: string): Storage {
  return openStorage(home, { file: join(home, `convscope-aside-${process.pid}-${fileTime(new Date())}.sqlite`) })
}

/** Opens the database, or a file beside it with a notice that says why. Throws where the folder cannot be written at all. */
export function openStorageOrAside(home: string): Storage {
  try {
    return openStorage(home)
  } catch (error) {
    return { ...openAside(home), notice: toWire(error) }
  }
}

/** Takes in the runs of files that `openAside` made and no program uses any more, then removes those files. */
export function mergeAside(storage: Storage, log: (message: string) => void): void {
  for (const name of readdirSync(storage.home)) {
    const pid = asideName.exec(name)?.[1]
    const file = join(storage.home, name)
    if (!pid || isRunning(Number(pid), file)) continue
    try {
      // Opening brings an older file's tables up to date.
      openStorage(storage.home, { file }).close()
      mergeFile(storage, file)
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      log(`took in the runs of ${name}`)
    } catch (error) {
      log(`${name} could not be taken in yet: ${toWire(error).message}`)
    }
  }
}

/** What people say of a run, which a program that could not reach the database did not know. */
const labels = new Set(['tags', 'note', 'pinned', 'archived', 'deleted_at'])

function mergeFile({ db }: Storage, file: string): void {
  db.prepare('ATTACH ? AS aside').run(file)
  try {
    const runColumns = columnsOf('runs', 'number')
    const updates = runColumns.filter((column) => !labels.has(column)).map((column) => `${column} = excluded.${column}`)
    const merge = db.transaction(() => {
      const experimentColumns = columnsOf('experiments', '').join(', ')
      db.exec(`
        INSERT OR IGNORE INTO main.experiments (${experimentColumns}) SELECT ${experimentColumns} FROM aside.experiments`)
      db.exec(`
        INSERT INTO main.runs (${runColumns.join(', ')}) SELECT ${runColumns.join(', ')} FROM aside.runs WHERE true
        ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`)
      for (const table of ['steps', 'epochs', 'histograms']) {
        const columns = columnsOf(table, 'run').join(', ')
        db.exec(`
          INSERT OR IGNORE INTO main.${table} (run, ${columns})
          SELECT home.number, ${columns.replaceAll(/\w+/g, 'rows.$&')}
          FROM aside.${table} AS rows JOIN aside.runs AS away ON away.number = rows.run
            JOIN main.runs AS home ON home.id = away.id`)
      }
      const exportColumns = columnsOf('exports', '').join(', ')
      db.exec(`INSERT OR IGNORE INTO main.exports (${exportColumns}) SELECT ${exportColumns} FROM aside.exports`)
    })
    merge.immediate()
  } finally {
    db.exec('DETACH aside')
  }

  function columnsOf(table: string, without: string): string[] {
    return db
      .prepare<[string, string], string>('SELECT name FROM pragma_table_info(?) WHERE name <> ?')
      .pluck()
      .all(table, without)
  }
}
