import type { Database } from 'better-sqlite3'
import type { RecoveryProgress } from '../../../../shared/ipc/recovery-progress'
import { openPages } from './pages'
import { mendRun, placeholderRow, type MendedRun } from './run-row'
import { soundRow, type Row } from './rows'
import { salvage, type SalvagedRow } from './salvage'
import { readShapes, type TableShape } from './shapes'

export interface Recovered {
  /** Runs whose row was taken over, by their numbers. */
  readonly runs: ReadonlyMap<number, MendedRun>
  /** Runs of which less was found than a row: what a folder of theirs may complete. By their numbers. */
  readonly broken: ReadonlyMap<number, MendedRun>
}

/** Told as it goes on. */
export type TellRecovery = (progress: RecoveryProgress) => void

/** Made from the steps; made anew from what is left of them. */
const derived = new Set(['curves'])

type Insert = (row: Row) => void

/**
 * Copies whatever can still be read of a damaged database file, and its log, into `db`, an empty one of the newest version
 * whose foreign keys are off. Rows without their run are copied, too: `pruneOrphans` takes them out.
 */
export function recoverInto(db: Database, damaged: string, onProgress: TellRecovery = () => undefined): Recovered {
  const pages = openPages(damaged)
  try {
    const shapes = readShapes(db).filter(({ name }) => !derived.has(name))
    let done = 0
    const onPage = () => onProgress({ phase: 'pages', done: ++done, total: pages.count })
    const { rows, keys } = salvage(pages, shapes, onPage)
    const inserts = new Map(shapes.map((shape) => [shape.name, prepareInsert(db, shape)]))
    const found = new Map<number, MendedRun[]>()
    const mentioned = new Set<number>()
    db.transaction(() => {
      for (const row of rows) {
        const named = byName(row)
        if (row.table.name === 'runs') {
          const run = mendRun(named, () => undefined)
          if (run) found.set(run.number, [...(found.get(run.number) ?? []), run])
          continue
        }
        const sound = soundRow(row.table.name, named)
        if (!sound) continue
        inserts.get(row.table.name)?.(sound)
        if (typeof sound.run === 'number') mentioned.add(sound.run)
      }
    })()
    const idOf = new Map([...keys].map(([id, number]) => [number, id]))
    for (const number of idOf.keys()) mentioned.add(number)
    return writeRuns(db, found, mentioned, idOf)
  } finally {
    pages.close()
  }
}

function writeRuns(
  db: Database,
  found: ReadonlyMap<number, readonly MendedRun[]>,
  mentioned: ReadonlySet<number>,
  idOf: ReadonlyMap<number, string>,
): Recovered {
  const runs = new Map<number, MendedRun>()
  const broken = new Map<number, MendedRun>()
  const takenIds = new Set<string>()
  const insert = runInserter(db)
  db.transaction(() => {
    for (const number of new Set([...found.keys(), ...mentioned])) {
      const candidates = (found.get(number) ?? []).flatMap(({ sound }) => mendRun(sound, (of) => idOf.get(of)) ?? [])
      const whole = candidates.find(({ id, row }) => row !== null && id !== null && !takenIds.has(id))
      const [partly] = candidates
      if (whole?.row && whole.id !== null) {
        insert({ ...whole.row, number })
        takenIds.add(whole.id)
        runs.set(number, whole)
      } else {
        broken.set(number, partly ?? { number, id: idOf.get(number) ?? null, name: null, row: null, sound: {} })
      }
    }
  })()
  return { runs, broken }
}

/** Writes placeholders for the runs that are still broken but have metrics; gives the numbers of these. */
export function keepMetrics(db: Database, broken: Iterable<MendedRun>): number[] {
  const insert = runInserter(db)
  const hasMetrics = db
    .prepare<[number, number], number>(
      'SELECT EXISTS (SELECT 1 FROM steps WHERE run = ?) OR EXISTS (SELECT 1 FROM epochs WHERE run = ?)',
    )
    .pluck()
  return [...broken].flatMap((run) => {
    const row = hasMetrics.get(run.number, run.number) === 1 ? placeholderRow(run) : null
    if (!row) return []
    insert({ ...row, number: run.number })
    return [run.number]
  })
}

/** Writes rows of `runs` that have any of its columns. */
export function runInserter(db: Database): Insert {
  const shape = readShapes(db).find(({ name }) => name === 'runs')
  if (!shape) throw new Error('the database has no table of runs')
  return prepareInsert(db, shape)
}

/** Takes out rows that refer to others which are not there. */
export function pruneOrphans(db: Database): void {
  const violations = db
    .prepare<[], { table: string; parent: string }>('SELECT DISTINCT "table", parent FROM pragma_foreign_key_check')
    .all()
  for (const { table, parent } of violations) {
    // A run outlives the experiment that it belonged to; metrics do not outlive their run.
    if (parent === 'experiments')
      db.exec('UPDATE runs SET experiment = NULL WHERE experiment NOT IN (SELECT id FROM experiments)')
    else db.exec(`DELETE FROM "${table}" WHERE run NOT IN (SELECT number FROM runs)`)
  }
}

function prepareInsert(db: Database, { name, columns }: TableShape): Insert {
  const statements = new Map<string, (row: Row) => void>()
  const known = columns.map((column) => column.name)
  return (row) => {
    const present = known.filter((column) => row[column] !== undefined)
    const key = present.join(', ')
    let run = statements.get(key)
    if (!run) {
      const statement = db.prepare<[Row]>(
        `INSERT OR IGNORE INTO "${name}" (${key}) VALUES (${present.map((column) => `@${column}`).join(', ')})`,
      )
      run = (values) => void statement.run(values)
      statements.set(key, run)
    }
    run(row)
  }
}

function byName({ table, values }: SalvagedRow): Record<string, SalvagedRow['values'][number]> {
  const named: Record<string, SalvagedRow['values'][number]> = {}
  values.forEach((value, index) => {
    const column = table.columns[index]
    if (column) named[column.name] = value
  })
  return named
}
