import { ref, shallowRef, watch } from 'vue'
import type { EpochDistributions } from '../../../shared/training/histograms'
import { call } from '../../api/bridge'
import { useToasts } from '../../stores/toasts'

/** What is recorded of a run's distributions; follows the run as `epochs`, its number of epochs so far, grows. */
export function useDistributions(run: () => string, epochs: () => number) {
  const toasts = useToasts()
  const found = shallowRef<readonly EpochDistributions[]>([])
  const loading = ref(true)
  let current = ''

  async function fetch(id: string, count: number): Promise<void> {
    // A run that goes on from an earlier checkpoint makes later epochs again.
    if (id !== current || (found.value.at(-1)?.epoch ?? 0) > count) found.value = []
    current = id
    const after = found.value.at(-1)?.epoch ?? 0
    const added = await toasts.guard(() => call('runs.histograms', { id, after }))
    loading.value = false
    // Another answer may have come first.
    const news = (added ?? []).filter(({ epoch }) => epoch > (found.value.at(-1)?.epoch ?? 0))
    if (id === current && news.length > 0) found.value = [...found.value, ...news]
  }

  watch([run, epochs], ([id, count]) => void fetch(id, count), { immediate: true })
  return { found, loading }
}
