import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { AppEvents, EventName, RunDetail, RunParent, RunSummary, StepColumns } from '../../../shared/ipc/contract'
import type { NetworkDocument } from '../../../shared/network/document'
import type { RunConfig } from '../../../shared/training/config'
import type { TrainerEvent } from '../../../shared/training/messages'
import { isActive, reduceRun, type EpochResult, type Progress, type StepRecord } from '../../../shared/training/state'
import { openAside } from '../db/aside'
import { noteDamage } from '../db/damage'
import { runFolderName } from '../db/home'
import type { Storage } from '../db/open'
import { createEpochsRepository } from '../db/repositories/epochs'
import { createHistogramsRepository } from '../db/repositories/histograms'
import { createQueueRepository } from '../db/repositories/queue'
import { createRunsRepository } from '../db/repositories/runs'
import { createStepsRepository } from '../db/repositories/steps'
import { beginLiveRun, relaunchLiveRun, takeEvent, type LiveRun } from './live-run'
import { endInterrupted } from './interrupted'
import { newestCheckpoint } from './newest-checkpoint'
import { saveAside } from './save-aside'
import { createRunWriter } from './run-writer'
import { tellWindow } from './tell-window'
import { createWriteQueue } from './write-queue'

export interface NewRunRequest {
  readonly document: NetworkDocument
  readonly config: RunConfig
  /** A name for people; made from the network and the data set where absent. */
  readonly name?: string | undefined
  readonly experiment?: string | undefined
  readonly parent?: RunParent | undefined
}

/** Turns what trainers say into run summaries, events for the window and rows in the database. */
export interface RunRecorder {
  create(request: NewRunRequest): RunSummary
  /** Stores runs that begin later, behind those that wait already; all or none. Throws where they cannot be stored. */
  enqueue(requests: readonly NewRunRequest[]): RunSummary[]
  /** Ids of the runs that wait, the next one first. */
  queued(): string[]
  /** Gives the waiting runs the places in which they are named. */
  arrange(ids: readonly string[]): void
  /** Other settings for a run that waits. Throws `not-found`. */
  configure(id: string, config: RunConfig): RunSummary
  /** A waiting run begins. Throws `not-found`. */
  launch(id: string): NewRunRequest
  /** A run that has ended, or waited, is about to train (on). Throws `not-found`, and `busy` where it already does. */
  relaunch(id: string, config: RunConfig): RunSummary
  record(id: string, event: TrainerEvent): void
  /** The newest first. */
  list(): RunSummary[]
  /** Throws `not-found`. */
  get(id: string): RunDetail
  steps(id: string): StepColumns
  rename(id: string, name: string): RunSummary
  /** Removes the run and its folder; throws `busy` while it trains. */
  delete(id: string): void
  /** Writes what waits and then this, in one transaction, or throws and leaves it undone. */
  writeNow(work: () => void): void
  /** Says something else about a run that is live; what is stored is the caller's. */
  amend(id: string, part: Partial<RunLabels>): void
  /** What places a run's steps in time, and its steps that are not stored yet; null where there is no such run. */
  course(id: string): LiveCourse | null
  /** Absolute. */
  folder(id: string): string
  /** Absolute path of the newest weights, or null before the first epoch. */
  checkpoint(id: string): string | null
  /**
   * Writes what waits; false when the database would not take it, so that it went into a file beside it (aside.ts). The
   * storage stays open.
   */
  close(): boolean
}

/** What people say about a run. */
export type RunLabels = Pick<RunSummary, 'tags' | 'note' | 'pinned' | 'archived'>

/** How far a run is. */
export interface LiveCourse {
  readonly progress: Progress | null
  readonly batchSize: number
  readonly epochs: readonly EpochResult[]
  readonly unsaved: readonly StepRecord[]
}

export type Notify = <Name extends EventName>(name: Name, payload: AppEvents[Name]) => void

export interface RecorderOptions {
  readonly appVersion: string
  readonly notify: Notify
  readonly log: (message: string) => void
  /** For tests: runs its argument in one transaction. */
  readonly transaction?: (work: () => void) => void
  readonly now?: () => number
}

export function createRunRecorder(storage: Storage, options: RecorderOptions): RunRecorder {
  const { notify, log, appVersion, now = Date.now } = options
  const { db, home, session } = storage
  const runs = createRunsRepository(db, (error) => notify('storage.problem', { error: noteDamage(home, error) }))
  const steps = createStepsRepository(db)
  const epochs = createEpochsRepository(db)
  const histograms = createHistogramsRepository(db)
  const places = createQueueRepository(db)
  const live = new Map<string, LiveRun>()
  const queue = createWriteQueue({
    transaction: options.transaction ?? ((work) => void db.transaction(work).immediate()),
    onProblem: (error) => notify('storage.problem', { error: error && noteDamage(home, error) }),
    onDropped: (error) => log(`a record was given up: ${toWire(error).message}`),
  })
  const { insert, saveState, saveRunFile, rewind, saveRows } = createRunWriter({
    ...{ home, session: session.id, runs, steps, epochs, histograms, queue, live },
    ...{ appVersion, notify, log, now },
  })
  endInterrupted(runs, session, queue)

  function require(id: string) {
    const stored = runs.get(id)
    if (!stored) throw new AppError('not-found', `There is no run ${id}.`, { params: { id } })
    return stored
  }

  return {
    create(request) {
      const id = randomUUID()
      const run = beginLiveRun(id, request, now())
      live.set(id, run)
      queue.push({ run: () => insert(run) })
      queue.flush()
      saveRunFile(run)
      notify('run.changed', run.summary)
      return run.summary
    },
    enqueue(requests) {
      const waiting = requests.map((request) => {
        const run = beginLiveRun(randomUUID(), request, now())
        return { ...run, summary: { ...run.summary, state: { type: 'queued' as const } } }
      })
      queue.writeNow(() => {
        for (const run of waiting) {
          insert(run)
          places.append(run.summary.id)
        }
      })
      for (const { summary } of waiting) notify('run.changed', summary)
      return waiting.map(({ summary }) => summary)
    },
    // A run that began may still be stored as waiting, where the disk is full.
    queued: () => places.list().filter((id) => !live.has(id)),
    arrange: (ids) => queue.writeNow(() => places.arrange(ids)),
    configure(id, config) {
      queue.writeNow(() => runs.configure(id, config))
      const { summary } = require(id)
      notify('run.changed', summary)
      return summary
    },
    launch(id) {
      const { summary, document } = require(id)
      const { name, config, experiment, parent } = summary
      const request = { document, config, name, experiment: experiment ?? undefined, parent: parent ?? undefined }
      const run = beginLiveRun(id, request, now())
      run.summary = { ...summary, state: reduceRun(summary.state, { type: 'launched' }), createdAt: now() }
      live.set(id, run)
      queue.push({ run: () => places.leave(id, session.id, run.summary.createdAt) })
      saveState(run)
      queue.flush()
      saveRunFile(run)
      notify('run.changed', run.summary)
      return request
    },
    relaunch(id, config) {
      const waiting = live.get(id)
      if (waiting && isActive(waiting.summary.state)) {
        throw new AppError('busy', `The run "${waiting.summary.name}" is training already.`, { params: { id } })
      }
      queue.writeNow(() => runs.relaunch(id, config, session.id))
      const run = relaunchLiveRun(require(id), epochs.list(id), config, now())
      live.set(id, run)
      saveState(run)
      queue.flush()
      saveRunFile(run)
      notify('run.changed', run.summary)
      return run.summary
    },
    record(id, event) {
      const run = live.get(id)
      if (!run || !isActive(run.summary.state)) return
      const before = run.summary.state
      if (!takeEvent(run, event, now())) return
      if (event.type === 'started' && event.from) rewind(run, event.from)
      saveRows(run, event)
      saveState(run)
      if (event.type === 'epoch' || !isActive(run.summary.state)) queue.flush()
      tellWindow(notify, run.summary, before, event)
    },
    list() {
      const stored = runs.list().filter((summary) => !live.has(summary.id))
      return [...[...live.values()].map((run) => run.summary), ...stored].sort((a, b) => b.createdAt - a.createdAt)
    },
    get(id) {
      const run = live.get(id)
      if (run) return { ...run.summary, document: run.document, epochs: run.epochs.map(({ result }) => result) }
      const { summary, document } = require(id)
      return { ...summary, document, epochs: epochs.list(id) }
    },
    steps(id) {
      const run = live.get(id)
      if (!run) require(id)
      return steps.columns(id, run?.unsaved)
    },
    rename(id, name) {
      const run = live.get(id)
      const before = run?.summary ?? require(id).summary
      queue.writeNow(() => runs.rename(id, name))
      const summary = { ...(live.get(id)?.summary ?? before), name }
      if (run) run.summary = summary
      saveRunFile({ summary, document: run?.document ?? require(id).document })
      notify('run.changed', summary)
      return summary
    },
    delete(id) {
      const state = live.get(id)?.summary.state ?? require(id).summary.state
      if (isActive(state)) {
        throw new AppError('busy', 'This run is still training.', { fix: 'Stop it first, then delete it.' })
      }
      queue.writeNow(() => runs.delete(id))
      rmSync(join(home, runFolderName(id)), { recursive: true, force: true })
      notify('run.deleted', { id })
    },
    writeNow: (work) => queue.writeNow(work),
    amend(id, part) {
      const run = live.get(id)
      if (run) run.summary = { ...run.summary, ...part }
    },
    course(id) {
      const run = live.get(id)
      const known = run ? { progress: run.summary.progress, batchSize: run.summary.config.batch_size } : runs.pace(id)
      if (!known) return null
      const stored = epochs.list(id)
      const newer = run?.epochs.map(({ result }) => result).filter(({ epoch }) => epoch > (stored.at(-1)?.epoch ?? 0))
      return { ...known, epochs: [...stored, ...(newer ?? [])], unsaved: run?.unsaved ?? [] }
    },
    folder: (id) => join(home, runFolderName(id)),
    checkpoint(id) {
      const known = live.has(id) ? live.get(id)?.checkpoint : require(id).checkpoint
      return newestCheckpoint(join(home, runFolderName(id)), known ?? null)
    },
    close() {
      if (queue.close()) return true
      const aside = openAside(home)
      saveAside(aside, live.values(), appVersion, session.id)
      aside.close()
      return false
    },
  }
}
