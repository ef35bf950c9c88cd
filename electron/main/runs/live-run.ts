import type { RunSummary } from '../../../shared/ipc/contract'
import type { NetworkDocument } from '../../../shared/network/document'
import { checkpointFolder, weightsFile, type Position } from '../../../shared/training/checkpoint-names'
import type { RunConfig } from '../../../shared/training/config'
import type { TrainerEvent } from '../../../shared/training/messages'
import { isActive, reduceRun, type EpochResult, type RunEvent, type StepRecord } from '../../../shared/training/state'
import type { RunUpdate, StoredRun } from '../db/repositories/runs'
import type { NewRunRequest } from './run-recorder'

/** A run that trains, or has ended but is not all written yet. The truth until then; the database follows. */
export interface LiveRun {
  summary: RunSummary
  readonly document: NetworkDocument
  readonly epochs: { readonly result: EpochResult; readonly checkpoint: string }[]
  /** Steps that are not in the database yet, in order. */
  readonly unsaved: StepRecord[]
  checkpoint: string | null
  startedAt: number | null
  seenAt: number
  /** A write of the run's own row is on its way. */
  saveWaits: boolean
}

export function beginLiveRun(id: string, request: NewRunRequest, now: number): LiveRun {
  const { document, config } = request
  return {
    summary: {
      id,
      name: request.name?.trim() || document.name,
      networkName: document.name,
      config,
      state: { type: 'starting' },
      createdAt: now,
      endedAt: null,
      engine: null,
      lastEpoch: null,
      progress: null,
      tags: [],
      note: '',
      pinned: false,
      archived: false,
      experiment: request.experiment ?? null,
      parent: request.parent ?? null,
    },
    document,
    epochs: [],
    unsaved: [],
    checkpoint: null,
    startedAt: null,
    seenAt: now,
    saveWaits: false,
  }
}

/** A run that is stored goes on. */
export function relaunchLiveRun(
  stored: StoredRun,
  epochs: readonly EpochResult[],
  config: RunConfig,
  now: number,
): LiveRun {
  const { summary, document, checkpoint, startedAt } = stored
  return {
    summary: { ...summary, config, state: reduceRun(summary.state, { type: 'launched' }), endedAt: null },
    document,
    epochs: epochs.map((result) => ({ result, checkpoint: epochCheckpoint(result.epoch) })),
    unsaved: [],
    checkpoint,
    startedAt,
    seenAt: now,
    saveWaits: false,
  }
}

/** Forgets what lies beyond the place where the run goes on. */
export function rewindLiveRun(run: LiveRun, from: Position, known: readonly EpochResult[]): void {
  const before = run.epochs.filter(({ result }) => result.epoch <= from.epoch)
  const missing = known.filter(
    ({ epoch }) => epoch <= from.epoch && !before.some(({ result }) => result.epoch === epoch),
  )
  const epochs = [...before, ...missing.map((result) => ({ result, checkpoint: epochCheckpoint(result.epoch) }))]
  run.epochs.splice(0, run.epochs.length, ...epochs.sort((a, b) => a.result.epoch - b.result.epoch))
  run.summary = { ...run.summary, lastEpoch: run.epochs.at(-1)?.result ?? null }
}

function epochCheckpoint(epoch: number): string {
  return `${checkpointFolder({ epoch, stepInEpoch: 0 })}/${weightsFile}`
}

/** Takes in what the trainer said. False where it changes nothing that is stored or shown. */
export function takeEvent(run: LiveRun, event: TrainerEvent, now: number): boolean {
  if (event.type === 'heartbeat' || event.type === 'inspected' || event.type === 'weights') return false
  const change = stateEvent(event)
  if (change) {
    const state = reduceRun(run.summary.state, change)
    run.summary = { ...run.summary, state, endedAt: isActive(state) ? null : now }
  }
  switch (event.type) {
    case 'started':
      run.startedAt ??= now
      run.summary = { ...run.summary, engine: event.engine }
      break
    case 'progress':
      run.summary = { ...run.summary, progress: event.progress }
      break
    case 'epoch':
      run.epochs.push({ result: event.result, checkpoint: event.checkpoint })
      run.checkpoint = event.checkpoint
      run.summary = { ...run.summary, lastEpoch: event.result }
      break
    case 'checkpoint':
    case 'finished':
      run.checkpoint = event.checkpoint
      break
    case 'stopped':
      run.checkpoint = event.checkpoint ?? run.checkpoint
      break
    default:
      break
  }
  return true
}

function stateEvent(event: TrainerEvent): RunEvent | null {
  switch (event.type) {
    case 'started':
      return { type: 'ready' }
    case 'paused':
      return { type: 'paused', reason: event.reason }
    case 'resumed':
    case 'stopped':
      return { type: event.type }
    case 'finished':
      return { type: 'finished', test: event.test }
    case 'failed':
      return { type: 'failed', error: event.error }
    default:
      return null
  }
}

export function updateOf(run: LiveRun): RunUpdate {
  const { state, engine, progress, endedAt } = run.summary
  const { checkpoint, startedAt, seenAt } = run
  return { state, engine, progress, checkpoint, startedAt, endedAt, seenAt }
}
