import type { RunSummary } from '../../../shared/ipc/contract'
import type { NetworkDocument } from '../../../shared/network/document'
import type { Progress } from '../../../shared/training/state'

/** The best that is known about how well a run does on pictures it did not train on. */
export type Outcome =
  | { readonly type: 'test'; readonly accuracy: number; readonly loss: number }
  | {
      readonly type: 'validation' | 'training'
      readonly accuracy: number
      readonly loss: number
      readonly epoch: number
    }

export function outcomeOf(run: RunSummary): Outcome | null {
  if (run.state.type === 'finished') return { type: 'test', ...run.state.test }
  if (!run.lastEpoch) return null
  const { epoch, validation, train } = run.lastEpoch
  return validation ? { type: 'validation', ...validation, epoch } : { type: 'training', ...train, epoch }
}

/** Seconds from start to end, or to `now` while it goes on. */
export function runSeconds(run: RunSummary, now: number): number {
  return Math.max(0, ((run.endedAt ?? now) - run.createdAt) / 1000)
}

export function shareDone(progress: Progress | null | undefined): number | null {
  return progress && progress.totalSteps > 0 ? progress.step / progress.totalSteps : null
}

export function stepsPerEpoch(progress: Progress | null | undefined): number | null {
  return progress && progress.epochs > 0 && progress.totalSteps > 0 ? progress.totalSteps / progress.epochs : null
}

/** The layer whose kernels are shown. */
export function firstConvolution(document: NetworkDocument): string | null {
  return document.layers.find((layer) => layer.kind === 'conv2d')?.id ?? null
}
