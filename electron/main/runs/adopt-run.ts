import { checkpointFolder, weightsFile } from '../../../shared/training/checkpoint-names'
import type { Progress } from '../../../shared/training/state'
import type { PackedRun } from '../../exchange/run-file/manifest'
import type { RunMetrics } from '../../exchange/run-file/metrics'
import { runFolderName } from '../db/home'
import type { Storage } from '../db/open'
import { createEpochsRepository } from '../db/repositories/epochs'
import { createRunsRepository } from '../db/repositories/runs'
import { createStepsRepository } from '../db/repositories/steps'

export interface OpenedRun extends RunMetrics {
  readonly run: PackedRun
  readonly appVersion: string
}

export interface AdoptedAs {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly note: string
}

/** Enters a run that came from elsewhere, with all of its metrics, into the database: all of it or nothing. */
export function adoptRun({ db, session }: Storage, opened: OpenedRun, { id, name, tags, note }: AdoptedAs): void {
  const runs = createRunsRepository(db)
  const epochs = createEpochsRepository(db)
  const steps = createStepsRepository(db)
  const { run, appVersion } = opened
  const { document, config, state, createdAt, endedAt } = run
  const work = db.transaction(() => {
    runs.insert({
      ...{ id, name, document, config, state, appVersion, session: session.id, folder: runFolderName(id), createdAt },
      ...{ tags, note, pinned: false, archived: false, experiment: null, parent: null },
    })
    runs.update(id, {
      state,
      engine: run.engine,
      progress: progressOf(opened),
      checkpoint: run.newest,
      startedAt: createdAt,
      endedAt,
      seenAt: endedAt ?? createdAt,
    })
    for (const result of opened.epochs) epochs.insert(id, result, epochCheckpoint(result.epoch))
    steps.insert(id, opened.steps)
  })
  work.immediate()
}

/** Where the run stood at its end. */
function progressOf({ run, epochs, steps }: OpenedRun): Progress | null {
  const last = epochs.at(-1)
  const step = steps.at(-1)?.step ?? 0
  if (!last || last.epoch === 0) return null
  const done = steps.length === 0 ? 0 : Math.round(step / last.epoch)
  return {
    epoch: last.epoch,
    epochs: run.config.epochs,
    step,
    totalSteps: Math.max(step, done * run.config.epochs),
    imagesPerSecond: last.imagesPerSecond,
    secondsLeft: null,
  }
}

function epochCheckpoint(epoch: number): string {
  return `${checkpointFolder({ epoch, stepInEpoch: 0 })}/${weightsFile}`
}
