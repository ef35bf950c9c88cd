import type { RunSummary } from '../../../shared/ipc/contract'
import { isInterrupted } from '../../../shared/training/state'

/** The newest run, where the end of its program cut it off while it trained; null for any other. */
export function interruptedRun(runs: readonly RunSummary[]): RunSummary | null {
  const newest = runs.find(({ state }) => state.type !== 'queued')
  return newest && isInterrupted(newest.state) ? newest : null
}
