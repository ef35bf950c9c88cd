import type { Storage } from '../db/open'
import { runFolderName } from '../db/home'
import { createEpochsRepository } from '../db/repositories/epochs'
import { createRunsRepository } from '../db/repositories/runs'
import { createStepsRepository } from '../db/repositories/steps'
import { updateOf, type LiveRun } from './live-run'

/** Writes runs that the database would not take into the file beside it: their rows, all epochs, and the steps still in memory. */
export function saveAside(aside: Storage, live: Iterable<LiveRun>, appVersion: string, session: string): void {
  const runs = createRunsRepository(aside.db)
  const epochs = createEpochsRepository(aside.db)
  const steps = createStepsRepository(aside.db)
  // The experiments that runs belong to are in the database that could not be written.
  aside.db.pragma('foreign_keys = OFF')
  aside.db.transaction(() => {
    for (const run of live) {
      const { summary, document } = run
      runs.insert({ ...summary, document, appVersion, session, folder: runFolderName(summary.id) })
      runs.update(summary.id, updateOf(run))
      for (const { result, checkpoint } of run.epochs) epochs.insert(summary.id, result, checkpoint)
      steps.insert(summary.id, run.unsaved)
    }
  })()
}
