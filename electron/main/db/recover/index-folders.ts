import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { checkpointFolder, weightsFile } from '../../../../shared/training/checkpoint-names'
import { runIdSchema } from '../../../../shared/ipc/contract'
import { diskFiles } from '../../../run-folder/files'
import { readJournal } from '../../../run-folder/journal'
import { runFolderName } from '../home'
import { createEpochsRepository, storable } from '../repositories/epochs'
import { readRunFolder, type RunFolder } from './folder'
import { runInserter, type TellRecovery } from './recover'
import { wholeRow, type MendedRun } from './run-row'

/** What run folders gave that the database did not hold. */
export interface Indexed {
  /** Numbers of broken runs that are whole now. */
  readonly mended: ReadonlySet<number>
  /** Ids of runs that the database told nothing of, without those that had been deleted. */
  readonly added: readonly string[]
  /** Runs that got steps or epochs back. */
  readonly completed: number
  /** Ids of runs of which neither the database nor the folder says what they were. */
  readonly unreadable: readonly string[]
}

export const nothingIndexed: Indexed = { mended: new Set(), added: [], completed: 0, unreadable: [] }

/**
 * Takes into the database what lies in the run folders and not in it: whole runs, the network and settings of broken ones, and
 * steps and epochs. What the database has is never changed. Not for a database that another program writes to now.
 */
export function indexFolders(
  db: Database,
  home: string,
  broken: ReadonlyMap<number, MendedRun>,
  onProgress: TellRecovery = () => undefined,
): Indexed {
  const mended = new Set<number>()
  const added: string[] = []
  const unreadable: string[] = []
  let completed = 0
  const numberOf = db.prepare<[string], number>('SELECT number FROM runs WHERE id = ?').pluck()
  const insert = runInserter(db)
  const addMetrics = metricsCompleter(db)
  const brokenById = new Map([...broken.values()].map((run) => [run.id, run]))
  const runs = join(home, 'runs')
  const ids = diskFiles.list(runs).filter((name) => runIdSchema.safeParse(name).success)
  for (const [index, id] of ids.entries()) {
    onProgress({ phase: 'folders', done: index, total: ids.length })
    const folder = join(home, runFolderName(id))
    const known = numberOf.get(id)
    if (known !== undefined && !hasMore(folder, known)) continue
    const found = readRunFolder(folder)
    db.transaction(() => {
      const number = known ?? addRun(id, found)
      if (number !== undefined && addMetrics(id, number, found) && known !== undefined) completed += 1
    })()
  }
  return { mended, added, completed, unreadable }

  function addRun(id: string, { row, used }: RunFolder): number | undefined {
    const part = brokenById.get(id)
    const whole = row && wholeRow({ ...row, ...part?.sound, id })
    if (!whole) {
      if (used && !part) unreadable.push(id)
      return undefined
    }
    insert(part ? { ...whole, number: part.number } : whole)
    if (part) mended.add(part.number)
    // One that was deleted lies among the deleted ones again, which is nothing to tell of.
    else if (whole.deleted_at === null) added.push(id)
    return numberOf.get(id)
  }

  /** Whether a journal holds more than the database; by its size, so that thousands of runs need not be read. */
  function hasMore(folder: string, number: number): boolean {
    const size = (name: string) => statSync(join(folder, 'journal', name), { throwIfNoEntry: false })?.size ?? 0
    const count = (table: string) =>
      db.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE run = ?`).pluck().get(number) ?? 0
    return size('steps.bin') >= 24 * (count('steps') + 1) || (size('epochs.jsonl') > 0 && hasMoreEpochs())

    function hasMoreEpochs(): boolean {
      return readJournal(folder).epochs.length > count('epochs')
    }
  }
}

/** Adds steps and epochs that are missing; tells whether there were any. */
function metricsCompleter(db: Database): (id: string, number: number, folder: RunFolder) => boolean {
  const addStep = db.prepare<[number, number, number | null, number]>(
    'INSERT OR IGNORE INTO steps (run, step, loss, learning_rate) VALUES (?, ?, ?, ?)',
  )
  const epochNumbers = db.prepare<[number], number>('SELECT epoch FROM epochs WHERE run = ?').pluck()
  const epochs = createEpochsRepository(db)
  const unpack = db.prepare<[number]>('DELETE FROM curves WHERE run = ?')
  return (id, number, { journal }) => {
    let changes = 0
    for (const { step, loss, learningRate } of journal.steps)
      changes += addStep.run(number, step, storable(loss), learningRate).changes
    const known = new Set(epochNumbers.all(number))
    for (const result of journal.epochs) {
      if (known.has(result.epoch)) continue
      epochs.insert(id, result, `${checkpointFolder({ epoch: result.epoch, stepInEpoch: 0 })}/${weightsFile}`)
      changes += 1
    }
    // What was packed of the steps lacks them.
    if (changes > 0) unpack.run(number)
    return changes > 0
  }
}
