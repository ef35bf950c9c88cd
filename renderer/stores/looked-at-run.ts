import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Moments } from '../../shared/inspect/source'
import type { RunSummary } from '../../shared/ipc/contract'
import type { NetworkDocument } from '../../shared/network/document'
import { isActive } from '../../shared/training/state'
import { call } from '../api/bridge'
import { useToasts } from './toasts'

/** The moments of a run, and what `now` is among them. */
export interface KnownMoments extends Moments {
  /** Whether `now` is just the last epoch; else it is newer, as after a stop within an epoch. */
  readonly endsWithEpoch: boolean
}

const none: Moments = { epochs: [], live: false }

/** The network that a run trains (null until it is here) and the moments of it that can be looked at, while it trains, too. */
export function useLookedAtRun(run: () => RunSummary | null): {
  readonly document: ShallowRef<NetworkDocument | null>
  readonly moments: ComputedRef<KnownMoments>
} {
  const toasts = useToasts()
  const document = shallowRef<NetworkDocument | null>(null)
  const stored = shallowRef<Moments>(none)
  const moments = computed<KnownMoments>(() => {
    const known = run()
    const isLast = known?.state.type === 'finished' && known.lastEpoch?.epoch === stored.value.epochs.at(-1)
    return { ...stored.value, endsWithEpoch: isLast && !stored.value.live }
  })
  const isWanted = (id: string) => run()?.id === id

  async function load(id: string): Promise<void> {
    const found = await toasts.guard(() => Promise.all([call('runs.get', { id }), call('inspect.moments', { id })]))
    if (!found || !isWanted(id)) return
    document.value = found[0].document
    stored.value = found[1]
  }

  async function refresh(id: string): Promise<void> {
    const known = await toasts.guard(() => call('inspect.moments', { id }))
    if (known && isWanted(id)) stored.value = known
  }

  watch(
    () => run()?.id ?? null,
    (id) => {
      document.value = null
      stored.value = none
      if (id !== null) void load(id)
    },
    { immediate: true },
  )
  // A new checkpoint, or the end.
  watch(
    () => {
      const known = run()
      return [known?.lastEpoch?.epoch, known && isActive(known.state)] as const
    },
    () => {
      const id = run()?.id
      if (id !== undefined && document.value) void refresh(id)
    },
  )
  return { document, moments }
}
