import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import { analyzeNetwork, type AnalyzedLayer } from '../../shared/network/analyze'
import { networkCost } from '../../shared/network/cost'
import { fitProblems, type DataFormat } from '../../shared/network/fit'
import { LayerMemory } from '../../shared/network/layer-memory'
import type { NetworkProblem } from '../../shared/network/problem'
import { call } from '../api/bridge'
import { useDatasets } from './datasets'
import { useDesign } from './design'
import { errorDetails, type ErrorDetails } from './toasts'
import { useTrainingForm } from './training-form'

/** What follows from the network being designed, and the layer that is selected everywhere. */
export const useNetwork = defineStore('network', () => {
  const design = useDesign()
  const datasets = useDatasets()
  const form = useTrainingForm()
  const document = computed(() => design.document)
  const error = shallowRef<ErrorDetails | null>(null)
  /** What earlier versions of the design share with it, for whoever analyses another version. */
  const memory = new LayerMemory()
  const analysis = computed(() => (document.value ? analyzeNetwork(document.value, memory) : null))
  const cost = computed(() => (analysis.value ? networkCost(analysis.value) : null))
  const selectedId = computed(() => (design.selection.length === 1 ? (design.selection[0] ?? null) : null))
  const selected = computed<AnalyzedLayer | null>(() => analysis.value?.byId.get(selectedId.value ?? '') ?? null)

  /** The pictures chosen for the next run; null until the data sets are listed. */
  const data = computed<DataFormat | null>(() => {
    const info = datasets.byId.get(form.draft.dataset)?.info
    return info ? { title: info.title, shape: info.shape, classes: info.classes.length } : null
  })
  /** All that keeps the network from being trained: what is wrong in itself, then with the chosen pictures. */
  const problems = computed<readonly NetworkProblem[]>(() => {
    if (!analysis.value) return []
    return [...analysis.value.problems, ...(data.value ? fitProblems(analysis.value, data.value) : [])]
  })

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

  return { document, error, memory: markRaw(memory), analysis, cost, selectedId, selected, problems, load, select }
})
