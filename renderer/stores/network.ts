import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { analyzeNetwork, type AnalyzedLayer } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { call } from '../api/bridge'
import { errorDetails, type ErrorDetails } from './toasts'

/** The network on the canvas, what follows from it, and the layer that is selected everywhere. */
export const useNetwork = defineStore('network', () => {
  const document = shallowRef<NetworkDocument | null>(null)
  const error = shallowRef<ErrorDetails | null>(null)
  const selectedId = ref<string | null>(null)
  const analysis = computed(() => (document.value ? analyzeNetwork(document.value) : null))
  const selected = computed<AnalyzedLayer | null>(() => analysis.value?.byId.get(selectedId.value ?? '') ?? null)

  async function load(): Promise<void> {
    error.value = null
    try {
      document.value = await call('networks.reference', undefined)
    } catch (reason) {
      error.value = errorDetails(reason)
    }
  }

  function select(id: string | null): void {
    selectedId.value = id
  }

  return { document, error, analysis, selectedId, selected, load, select }
})
