import type { RunSummary } from '../../../shared/ipc/contract'
import { isActive, type Progress, type RunStateType } from '../../../shared/training/state'

/** What the taskbar shows of a run. */
export interface TaskbarProgress {
  /** 0 to 1. */
  readonly share: number
  readonly mode: 'normal' | 'indeterminate' | 'paused' | 'error'
}

/** The parts of the system that tell of a run when nobody looks at the window. */
export interface ActivityOutputs {
  /** Null takes it away. */
  taskbar(progress: TaskbarProgress | null): void
  /** Runs that ended unseen; 0 for none. */
  badge(count: number): void
  /** Keeps the computer from going to sleep, until told otherwise. */
  keepAwake(on: boolean): void
  isFocused(): boolean
}

export interface Activity {
  /** To be told of every change of every run. */
  changed(run: RunSummary): void
  progressed(id: string, progress: Progress): void
  /** The person is back at the window. */
  focused(): void
  /** The app ends. */
  close(): void
}

/**
 * The taskbar shows how far the run is, that it pauses, or that it failed; the latter until somebody looks. The computer stays
 * awake exactly while a run is at work: not while it pauses, nor after it.
 */
export function createActivity(out: ActivityOutputs): Activity {
  let current: string | null = null
  let shown: TaskbarProgress | null = null
  let awake = false
  let unseen = 0

  function show(next: TaskbarProgress | null): void {
    if (next?.mode === shown?.mode && next?.share === shown?.share) return
    shown = next
    out.taskbar(next)
  }

  function stayAwake(on: boolean): void {
    if (on === awake) return
    awake = on
    out.keepAwake(on)
  }

  function count(to: number): void {
    if (to === unseen) return
    unseen = to
    out.badge(to)
  }

  function end(type: RunStateType): void {
    current = null
    const isUnseen = !out.isFocused()
    if (isUnseen) count(unseen + 1)
    show(isUnseen && type === 'failed' ? { share: 1, mode: 'error' } : null)
  }

  return {
    changed({ id, state, progress }) {
      if (!isActive(state)) {
        if (id !== current) return
        stayAwake(false)
        end(state.type)
        return
      }
      current = id
      stayAwake(state.type !== 'paused')
      const share = shareOf(progress) ?? shown?.share ?? 0
      if (state.type === 'starting') show({ share: 0, mode: 'indeterminate' })
      else if (state.type === 'running') show({ share, mode: 'normal' })
      // By itself: something is in its way.
      else show({ share, mode: state.type === 'paused' && state.reason ? 'error' : 'paused' })
    },
    progressed(id, progress) {
      if (id === current && shown) show({ ...shown, share: shareOf(progress) ?? 0 })
    },
    focused() {
      count(0)
      if (current === null) show(null)
    },
    close() {
      stayAwake(false)
      show(null)
      count(0)
    },
  }
}

/** In hundredths, so that the taskbar is not drawn anew for less. */
function shareOf(progress: Progress | null): number | null {
  if (!progress || progress.totalSteps <= 0) return null
  return Math.round((100 * progress.step) / progress.totalSteps) / 100
}
