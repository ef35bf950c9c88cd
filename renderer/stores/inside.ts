import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Picture } from '../../shared/inspect/queries'
import type { InspectSource, Moment, Moments } from '../../shared/inspect/source'
import { analyzeNetwork } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { isActive } from '../../shared/training/state'
import { call } from '../api/bridge'
import { useRuns } from './runs'
import { useToasts } from './toasts'

export const insideViews = ['convolution', 'kernels', 'maps', 'explain', 'mistakes'] as const
export type InsideView = (typeof insideViews)[number]

/** What the inside views look at: a run, a moment of it, and a picture. They share it, so that a change of view keeps it. */
export const useInside = defineStore('inside', () => {
  const runs = useRuns()
  const toasts = useToasts()
  const view = ref<InsideView>('convolution')
  const chosenRun = ref<string | null>(null)
  const document = shallowRef<NetworkDocument | null>(null)
  const moments = shallowRef<Moments>({ epochs: [], live: false })
  const moment = shallowRef<Moment>({ type: 'now' })
  const picture = shallowRef<Picture>({ type: 'dataset', split: 'test', index: 0 })
  /** The convolution, or other layer, that is looked at; null leaves the choice to the view. */
  const layer = ref<string | null>(null)

  /** The chosen run, else the one that trains, else the newest with weights. */
  const run = computed(() => {
    const chosen = chosenRun.value === null ? null : runs.summaries.get(chosenRun.value)
    return chosen ?? runs.active ?? runs.all.find((candidate) => candidate.lastEpoch !== null) ?? null
  })
  /** Of the flat network: groups are expanded. */
  const analysis = computed(() => (document.value ? analyzeNetwork(document.value) : null))
  const source = computed<InspectSource | null>(() =>
    run.value ? { run: run.value.id, moment: moment.value } : null,
  )

  async function load(id: string): Promise<void> {
    const found = await toasts.guard(() =>
      Promise.all([call('runs.get', { id }), call('inspect.moments', { id })]),
    )
    if (!found || run.value?.id !== id) return
    const [detail, known] = found
    document.value = detail.document
    moments.value = known
    const at = moment.value
    if (at.type === 'epoch' && !known.epochs.includes(at.epoch)) moment.value = { type: 'now' }
  }

  async function refreshMoments(id: string): Promise<void> {
    const known = await toasts.guard(() => call('inspect.moments', { id }))
    if (known && run.value?.id === id) moments.value = known
  }

  watch(
    () => run.value?.id ?? null,
    (id) => {
      document.value = null
      layer.value = null
      if (id) void load(id)
    },
    { immediate: true },
  )
  watch(
    () => [run.value?.lastEpoch?.epoch, run.value && isActive(run.value.state)] as const,
    () => {
      if (run.value && document.value) void refreshMoments(run.value.id)
    },
  )

  function choose(id: string): void {
    chosenRun.value = id
  }

  return { view, run, document, analysis, moments, moment, picture, layer, source, choose }
})
