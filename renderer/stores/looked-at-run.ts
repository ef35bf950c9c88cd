import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Moments } from '../../shared/inspect/source'
import type { RunSummary } from '../../shared/ipc/contract'
import type { NetworkDocument } from '../../shared/network/document'
import { isActive } from '../../shared/training/state'
import { call } from '../api/bridge'
import { useToasts } from './toasts'

export interface LookedAtRun {
  /** The network that the run trains; null until it is here. */
  readonly document: ShallowRef<NetworkDocument | null>
  /** The moments of it that can be looked at; renewed after each epoch and at the end. */
  readonly moments: ShallowRef<Moments>
  /** Renews the moments: checkpoints within an epoch come and go. */
  refresh(): Promise<void>
}

const none: Moments = { stored: [], newest: null, live: false }

export function useLookedAtRun(run: () => RunSummary | null): LookedAtRun {
  const toasts = useToasts()
  const document = shallowRef<NetworkDocument | null>(null)
  const moments = shallowRef<Moments>(none)
  let refreshing = false
  let again = false
  const isWanted = (id: string) => run()?.id === id

  async function load(id: string): Promise<void> {
    const found = await toasts.guard(() => Promise.all([call('runs.get', { id }), call('inspect.moments', { id })]))
    if (!found || !isWanted(id)) return
    document.value = found[0].document
    moments.value = found[1]
  }

  async function renew(): Promise<void> {
    const id = run()?.id
    if (id === undefined || !document.value) return
    const known = await toasts.guard(() => call('inspect.moments', { id }))
    if (known && isWanted(id) && JSON.stringify(known) !== JSON.stringify(moments.value)) moments.value = known
  }

  /** One question at a time; what happened while it was on its way is asked about once more. */
  async function refresh(): Promise<void> {
    again = true
    if (refreshing) return
    refreshing = true
    while (again) {
      again = false
      await renew()
    }
    refreshing = false
  }

  watch(
    () => run()?.id ?? null,
    (id) => {
      document.value = null
      moments.value = none
      if (id !== null) void load(id)
    },
    { immediate: true },
  )
  // A new checkpoint, or the end.
  watch(
    () => {
      const known = run()
      return [known?.lastEpoch?.epoch, known && isActive(known.state), known?.state.type] as const
    },
    () => void refresh(),
  )
  return { document, moments, refresh }
}
