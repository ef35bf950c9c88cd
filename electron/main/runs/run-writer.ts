import { join } from 'node:path'
import { toWire } from '../../../shared/errors'
import type { Position } from '../../../shared/training/checkpoint-names'
import type { TrainerEvent } from '../../../shared/training/messages'
import { isActive } from '../../../shared/training/state'
import { readJournal } from '../../run-folder/journal'
import { writeRunFile } from '../../run-folder/run-file'
import { runFolderName } from '../db/home'
import type { EpochsRepository } from '../db/repositories/epochs'
import type { HistogramsRepository } from '../db/repositories/histograms'
import type { RunsRepository } from '../db/repositories/runs'
import type { StepsRepository } from '../db/repositories/steps'
import { rewindLiveRun, updateOf, type LiveRun } from './live-run'
import type { Notify } from './run-recorder'
import type { WriteQueue } from './write-queue'

export interface RunWriterOptions {
  readonly home: string
  readonly session: string
  readonly runs: RunsRepository
  readonly steps: StepsRepository
  readonly epochs: EpochsRepository
  readonly histograms: HistogramsRepository
  readonly queue: WriteQueue
  /** A run leaves it when its end is stored. */
  readonly live: Map<string, LiveRun>
  readonly appVersion: string
  readonly notify: Notify
  readonly log: (message: string) => void
  readonly now: () => number
}

/** Puts what is known of live runs into the database's queue, and into their folders. */
export interface RunWriter {
  /** At once: for a write of the queue. */
  insert(run: LiveRun): void
  /** Writes the run's row as it is when the write happens, so that only the newest state costs a write. */
  saveState(run: LiveRun): void
  /** Best effort: without it the run still trains; only a lost database could then not find it again. */
  saveRunFile(run: Pick<LiveRun, 'summary' | 'document'>): void
  /** Drops what was recorded beyond the checkpoint that the run goes on from, and completes what is before it. */
  rewind(run: LiveRun, from: Position): void
  /** Steps, epochs and distributions that an event brings. */
  saveRows(run: LiveRun, event: TrainerEvent): void
}

export function createRunWriter(options: RunWriterOptions): RunWriter {
  const { home, session, runs, steps, epochs, histograms, queue, live, appVersion, notify, log, now } = options

  function insert({ summary, document }: LiveRun): void {
    runs.insert({ ...summary, document, appVersion, session, folder: runFolderName(summary.id) })
  }

  function saveState(run: LiveRun): void {
    run.seenAt = now()
    if (run.saveWaits) return
    run.saveWaits = true
    queue.push({
      run: () => runs.update(run.summary.id, updateOf(run)),
      done: () => {
        run.saveWaits = false
        if (!isActive(run.summary.state)) live.delete(run.summary.id)
      },
    })
  }

  function saveRunFile({ summary, document }: Pick<LiveRun, 'summary' | 'document'>): void {
    try {
      writeRunFile(join(home, runFolderName(summary.id)), { ...summary, document })
    } catch (error) {
      log(`run.json: ${toWire(error).message}`)
    }
  }

  function rewind(run: LiveRun, from: Position): void {
    const { id } = run.summary
    const journal = readJournal(join(home, runFolderName(id)))
    rewindLiveRun(run, from, journal.epochs)
    run.unsaved.length = 0
    queue.push({
      run() {
        steps.rewind(id, from.step, () => journal.steps)
        epochs.removeAfter(id, 0)
        histograms.deleteAfter(id, from.epoch)
        for (const { result, checkpoint } of run.epochs) epochs.insert(id, result, checkpoint)
      },
    })
    queue.flush()
    notify('run.rewound', { id })
  }

  function saveRows(run: LiveRun, event: TrainerEvent): void {
    const { id } = run.summary
    if (event.type === 'progress' && event.steps.length > 0) {
      run.unsaved.push(...event.steps)
      queue.push({
        run: () => steps.insert(id, event.steps),
        done: () => void run.unsaved.splice(0, event.steps.length),
      })
    }
    if (event.type === 'distributions') queue.push({ run: () => histograms.insert(id, event.distributions) })
    if (event.type === 'epoch') queue.push({ run: () => epochs.insert(id, event.result, event.checkpoint) })
  }

  return { insert, saveState, saveRunFile, rewind, saveRows }
}
