import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { CallInput, RunSummary } from '../../../shared/ipc/contract'
import { call } from '../../api/bridge'
import { useRuns } from '../../stores/runs'
import { useShell } from '../../stores/shell'
import { useToasts } from '../../stores/toasts'

export interface Continuation {
  /** Another run trains, so that this one cannot go on now. */
  readonly blocked: ComputedRef<boolean>
  readonly busy: Ref<boolean>
  /** Goes on as if the run had never been cut off, or to `epochs` in all. False where it could not, which is shown. */
  goOn(id: string, epochs?: number): Promise<boolean>
  /** Begins a run from a checkpoint of another. False where it could not, which is shown. */
  fork(request: CallInput<'runs.fork'>): Promise<boolean>
}

/** How a run that has ended goes on. What trains then is shown live. */
export function useContinuation(): Continuation {
  const runs = useRuns()
  const shell = useShell()
  const toasts = useToasts()
  const busy = ref(false)

  async function begin(work: () => Promise<RunSummary>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    const run = await toasts.guard(work)
    busy.value = false
    if (run) shell.showTrain('live')
    return run !== null
  }

  return {
    blocked: computed(() => runs.active !== null),
    busy,
    goOn: (id, epochs) => begin(() => call('runs.continue', epochs === undefined ? { id } : { id, epochs })),
    fork: (request) => begin(() => call('runs.fork', request)),
  }
}
