import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { analyzeNetwork, type AnalyzedLayer } from '../../shared/network/analyze'
import { networkCost } from '../../shared/network/cost'
import { call } from '../api/bridge'
import { useDesign } from './design'
import { errorDetails, type ErrorDetails } from './toasts'

/** What follows from the network being designed, and the layer that is selected everywhere. */
export const useNetwork = defineStore('network', () => {
  const design = useDesign()
  const document = computed(() => design.document)
  const error = shallowRef<ErrorDetails | null>(null)
  const analysis = computed(() => (document.value ? analyzeNetwork(document.value) : null))
  const cost = computed(() => (analysis.value ? networkCost(analysis.value) : null))
  const selectedId = computed(() => (design.selection.length === 1 ? (design.selection[0] ?? null) : null))
  const selected = computed<AnalyzedLayer | null>(() => analysis.value?.byId.get(selectedId.value ?? '') ?? null)

  /** Starts with the reference network, unless a document is open already. */
  async function load(): Promise<void> {
    error.value = null
    try {
      const reference = await call('networks.reference', undefined)
      if (!design.document) design.load(reference, null)
    } catch (reason) {
      error.value = errorDetails(reason)
    }
  }

  function select(id: string | null): void {
    design.select(id === null ? [] : [id])
  }

  return { document, error, analysis, cost, selectedId, selected, load, select }
})
