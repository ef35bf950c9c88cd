import type { RunSummary } from '../../../shared/ipc/contract'
import type { TrainerEvent } from '../../../shared/training/messages'
import type { RunState } from '../../../shared/training/state'
import type { Notify } from './run-recorder'

/** Tells the window what a trainer said; `before` is the run's state before it was taken in. */
export function tellWindow(notify: Notify, run: RunSummary, before: RunState, event: TrainerEvent): void {
  const { id } = run
  if (event.type === 'started') for (const notice of event.notices) notify('run.notice', { id, notice })
  if (event.type === 'progress') notify('run.progress', { id, progress: event.progress, steps: event.steps })
  if (event.type === 'kernels') notify('run.kernels', { id, step: event.step, kernels: event.kernels })
  if (event.type === 'epoch') notify('run.epoch', { id, result: event.result })
  if (before !== run.state) notify('run.changed', run)
}
