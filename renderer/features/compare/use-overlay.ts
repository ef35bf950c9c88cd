import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Overlay, SeriesQuery } from '../../../shared/ipc/organize-calls'
import { isActive } from '../../../shared/training/state'
import { call } from '../../api/bridge'
import { useRuns } from '../../stores/runs'
import { errorDetails, type ErrorDetails } from '../../stores/toasts'

/** How often the curves of runs that train are fetched anew. */
const renewalMs = 2000
/** All lines together have about as many points as this: more are slow to draw and show nothing more. */
const mostPoints = 16_000

/** Columns for so many lines on a chart of so many pixels. */
export function columnsFor(lineCount: number, width: number): number {
  const share = Math.floor(mostPoints / 2 / Math.max(1, lineCount))
  return Math.min(Math.max(8, share), Math.max(64, Math.round(width)))
}

/** Curves and what they answer. */
interface Shown extends Overlay {
  readonly query: SeriesQuery
}

/** Curves of several runs from main. The old ones stay until new ones are there; of queries meanwhile the last is asked. */
export function useOverlay(query: () => SeriesQuery) {
  const runs = useRuns()
  const overlay = shallowRef<Shown | null>(null)
  const error = shallowRef<ErrorDetails | null>(null)
  let busy = false
  let again = false

  async function load(): Promise<void> {
    if (busy) {
      again = true
      return
    }
    busy = true
    do {
      again = false
      try {
        const asked = query()
        overlay.value = { ...(await call('runs.series', asked)), query: asked }
        error.value = null
      } catch (reason) {
        error.value = errorDetails(reason)
      }
    } while (again)
    busy = false
  }

  watch(query, (next, before) => {
    if (JSON.stringify(next) !== JSON.stringify(before)) void load()
  })
  void load()
  const timer = setInterval(() => {
    if (document.hidden) return
    const isTraining = query().ids.some((id) => {
      const run = runs.summaries.get(id)
      return run !== undefined && isActive(run.state)
    })
    if (isTraining) void load()
  }, renewalMs)
  onScopeDispose(() => clearInterval(timer))

  return { overlay, error }
}
