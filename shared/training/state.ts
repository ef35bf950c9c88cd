import type { WireError } from '../errors'
import type { EngineId } from './config'

/** Mean loss (natural units) and share of right answers, 0 to 1. */
export interface Score {
  readonly loss: number
  readonly accuracy: number
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number
  readonly train: Score
  /** Null where nothing was kept back for validation. */
  readonly validation: Score | null
  readonly learningRate: number
  readonly trainSeconds: number
  readonly validationSeconds: number
  readonly imagesPerSecond: number
}

export interface EngineReport {
  readonly id: EngineId
  /** Such as `TensorFlow 2.21.0`. */
  readonly version: string
  /** Such as `CPU` or the GPU's name. */
  readonly device: string
  /** Why a faster engine was not taken, in English; null when nothing is amiss. */
  readonly notice: string | null
}

export interface StepRecord {
  /** From 1, over the whole run. */
  readonly step: number
  readonly loss: number
  readonly learningRate: number
}

export interface Progress {
  readonly epoch: number
  readonly epochs: number
  readonly step: number
  readonly totalSteps: number
  readonly imagesPerSecond: number
  /** Seconds of work left, while training. */
  readonly secondsLeft: number | null
}

export type RunState =
  /** Waits until those before it have ended. */
  | { readonly type: 'queued' }
  | { readonly type: 'starting' }
  | { readonly type: 'running' }
  /** By the person; or by itself for a reason that can pass, such as a full disk. */
  | { readonly type: 'paused'; readonly reason?: WireError | undefined }
  | { readonly type: 'finished'; readonly test: Score }
  /** The person stopped it; what was learned is kept. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }

export type RunStateType = RunState['type']

export type RunEvent =
  /** A queued run's turn has come, or an ended one goes on from its newest checkpoint. */
  | { readonly type: 'launched' }
  | { readonly type: 'ready' }
  | { readonly type: 'paused'; readonly reason?: WireError | undefined }
  | { readonly type: 'resumed' }
  | { readonly type: 'finished'; readonly test: Score }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }

export function isActive(state: RunState): boolean {
  return state.type === 'starting' || state.type === 'running' || state.type === 'paused'
}

/** Whether the run's program died while it trained: the run itself is sound and can go on. */
export function isInterrupted(state: RunState): boolean {
  return state.type === 'failed' && state.error.params['detail'] === 'interrupted'
}

/** The only way a run's state changes. Queued and ended runs stay as they are until they are launched. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  if (event.type === 'launched') return isActive(state) ? state : { type: 'starting' }
  if (!isActive(state)) return state
  switch (event.type) {
    case 'ready':
    case 'resumed':
      return { type: 'running' }
    case 'paused':
      return event.reason ? { type: 'paused', reason: event.reason } : { type: 'paused' }
    case 'finished':
      return { type: 'finished', test: event.test }
    case 'stopped':
      return { type: 'stopped' }
    case 'failed':
      return { type: 'failed', error: event.error }
  }
}
