import { computed, onScopeDispose, shallowRef } from 'vue'
import type { RangeSettings } from '../../../shared/training/range-messages'
import type { RangeTestResult, RatePoint } from '../../../shared/training/range-test'
import type { NetworkDocument } from '../../../shared/network/document'
import type { RunConfig } from '../../../shared/training/config'
import { toWire, type WireError } from '../../../shared/errors'
import { call, listen } from '../../api/bridge'

type TestState =
  | { readonly type: 'idle' }
  | { readonly type: 'testing'; readonly points: readonly RatePoint[]; readonly steps: number }
  | { readonly type: 'done'; readonly result: RangeTestResult }
  | { readonly type: 'failed'; readonly error: WireError }

/** A test of learning rates: its points as they come, and what it suggests. Ends with the component that uses it. */
export function useRateFinder() {
  const state = shallowRef<TestState>({ type: 'idle' })
  const points = computed(() => {
    if (state.value.type === 'done') return state.value.result.points
    return state.value.type === 'testing' ? state.value.points : []
  })
  /** Answers to a test that was given up are of no interest. */
  let test = 0

  const stopListening = listen('rates.progress', (progress) => {
    if (state.value.type === 'testing') state.value = { type: 'testing', ...progress }
  })

  async function start(document: NetworkDocument, config: RunConfig, range: RangeSettings): Promise<void> {
    const own = (test += 1)
    state.value = { type: 'testing', points: [], steps: range.steps }
    try {
      const result = await call('rates.find', { document, config, range })
      if (own === test) state.value = { type: 'done', result }
    } catch (error) {
      const wire = toWire(error)
      if (own === test) state.value = wire.kind === 'cancelled' ? { type: 'idle' } : { type: 'failed', error: wire }
    }
  }

  function cancel(): void {
    if (state.value.type !== 'testing') return
    test += 1
    state.value = { type: 'idle' }
    void call('rates.cancel', undefined)
  }

  onScopeDispose(() => {
    cancel()
    stopListening()
  })
  return { state, points, start, cancel }
}
