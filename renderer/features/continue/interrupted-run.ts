import type { RunSummary } from '../../../shared/ipc/contract'

/** The newest run, where the end of its program cut it off while it trained; null for any other. */
export function interruptedRun(runs: readonly RunSummary[]): RunSummary | null {
  const newest = runs.find(({ state }) => state.type !== 'queued')
  const wasCutOff = newest?.state.type === 'failed' && newest.state.error.params['detail'] === 'interrupted'
  return wasCutOff ? newest : null
}
