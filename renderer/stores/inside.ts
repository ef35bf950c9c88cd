import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { DatasetInfo } from '../../shared/data/dataset'
import type { Picture } from '../../shared/inspect/queries'
import {
  compareMoments,
  isSameMoment,
  type InspectSource,
  type Moment,
  type Moments,
} from '../../shared/inspect/source'
import type { RunSummary } from '../../shared/ipc/contract'
import { analyzeNetwork, type NetworkAnalysis } from '../../shared/network/analyze'
import { asImage, elementCount } from '../../shared/network/shape'
import { useDatasets } from './datasets'
import { useLookedAtRun } from './looked-at-run'
import { useRuns } from './runs'

export const insideViews = ['convolution', 'kernels', 'maps', 'explain', 'mistakes'] as const
export type InsideView = (typeof insideViews)[number]

/** Views that show two sides of a comparison, and those that look at the picture. */
const comparingViews: ReadonlySet<InsideView> = new Set(['kernels', 'maps'])
const picturedViews: ReadonlySet<InsideView> = new Set(['convolution', 'maps', 'explain'])

/** `main` is what is looked at, `other` what it is compared with. */
export type Side = 'main' | 'other'

/** What the views compare with. */
export interface Comparison {
  readonly run: string
  readonly moment: Moment
  readonly picture: Picture
}

const firstPicture: Picture = { type: 'dataset', split: 'test', index: 0 }

/** What the inside views look at: a run, a moment of it, and a picture. They share it, so that a change of view keeps it. */
export const useInside = defineStore('inside', () => {
  const runs = useRuns()
  const datasets = useDatasets()
  const view = ref<InsideView>('convolution')
  const chosenRun = ref<string | null>(null)
  const moment = shallowRef<Moment>({ type: 'now' })
  const picture = shallowRef<Picture>(firstPicture)
  /** The convolution, or other layer, that is looked at; null leaves the choice to the view. */
  const layer = ref<string | null>(null)
  const compare = shallowRef<Comparison | null>(null)
  /** Whose picture the panel at the side changes; null while it is closed. */
  const choosingPicture = ref<Side | null>(null)
  /** Questions on their way, of all views. */
  const questions = ref(0)
  /** Answers that are shown, and kept new while a run trains. */
  const answers = ref(0)

  /** Whether the view has a use for a second side, and for a picture. */
  const canCompare = computed(() => comparingViews.has(view.value))
  const hasPicture = computed(() => picturedViews.has(view.value))

  /** The chosen run, else the one that trains, else the newest with weights. */
  const run = computed(() => {
    const chosen = chosenRun.value === null ? null : runs.summaries.get(chosenRun.value)
    return chosen ?? runs.active ?? runs.all.find((candidate) => candidate.lastEpoch !== null) ?? null
  })
  const otherRun = computed(() => (compare.value ? (runs.summaries.get(compare.value.run) ?? null) : null))
  const { document, moments, refresh } = useLookedAtRun(() => run.value)
  const { document: otherDocument, moments: otherMoments, refresh: refreshOther } = useLookedAtRun(() => otherRun.value)
  /** Of the flat network: groups are expanded. */
  const analysis = computed(() => (document.value ? analyzeNetwork(document.value) : null))
  const otherAnalysis = computed(() => (otherDocument.value ? analyzeNetwork(otherDocument.value) : null))
  const source = computed<InspectSource | null>(() => (run.value ? { run: run.value.id, moment: moment.value } : null))
  const otherSource = computed<InspectSource | null>(() =>
    compare.value && otherRun.value ? { run: otherRun.value.id, moment: compare.value.moment } : null,
  )
  /** What pictures the network takes: height, width, channels; null without a network. */
  const inputShape = computed(() => asImage(analysis.value?.input?.shape ?? []))
  const otherInputShape = computed(() => asImage(otherAnalysis.value?.input?.shape ?? []))
  const dataset = computed(() => infoOf(run.value))
  const otherDataset = computed(() => infoOf(otherRun.value))

  function infoOf(of: RunSummary | null): DatasetInfo | null {
    return of ? (datasets.byId.get(of.config.dataset)?.info ?? null) : null
  }

  function choose(id: string): void {
    chosenRun.value = id
  }

  /** Compares from now on with what is looked at now. */
  function startComparing(): void {
    if (run.value) compare.value = { run: run.value.id, moment: moment.value, picture: picture.value }
  }

  function changeComparison(part: Partial<Comparison>): void {
    if (compare.value) compare.value = { ...compare.value, ...part }
  }

  function stopComparing(): void {
    compare.value = null
    if (choosingPicture.value === 'other') choosingPicture.value = null
  }

  /** Looks again at which moments there are, of both sides. */
  async function refreshMoments(): Promise<void> {
    await Promise.all([refresh(), refreshOther()])
  }

  /** Opens the stepper at a layer. */
  function stepThrough(id: string): void {
    layer.value = id
    view.value = 'convolution'
  }

  watch(
    () => run.value?.id,
    () => (layer.value = null),
  )
  watch(otherRun, (known) => {
    if (compare.value && !known) stopComparing()
  })
  // Moments and pictures that another run or network does not have.
  watch(moments, (known) => (moment.value = within(moment.value, known)))
  watch(otherMoments, (known) => {
    if (compare.value) changeComparison({ moment: within(compare.value.moment, known) })
  })
  watch([analysis, dataset], ([network, data]) => (picture.value = fitting(picture.value, network, data)))
  watch([otherAnalysis, otherDataset], ([network, data]) => {
    if (compare.value) changeComparison({ picture: fitting(compare.value.picture, network, data) })
  })

  return {
    view,
    run,
    otherRun,
    document,
    analysis,
    otherAnalysis,
    moments,
    otherMoments,
    moment,
    picture,
    layer,
    compare,
    choosingPicture,
    questions,
    answers,
    canCompare,
    hasPicture,
    source,
    otherSource,
    inputShape,
    otherInputShape,
    dataset,
    otherDataset,
    choose,
    startComparing,
    changeComparison,
    stopComparing,
    refreshMoments,
    stepThrough,
  }
})

/** The moment; where its checkpoint is gone, the one before it, and where none comes after it, now. */
function within(moment: Moment, { stored }: Moments): Moment {
  if (moment.type === 'now' || stored.length === 0 || stored.some((one) => isSameMoment(one, moment))) return moment
  const next = stored.findIndex((one) => compareMoments(one, moment) > 0)
  return next < 0 ? { type: 'now' } : (stored[Math.max(0, next - 1)] ?? moment)
}

/** The picture, or the first one of the data set where the network cannot take it. */
function fitting(picture: Picture, network: NetworkAnalysis | null, data: DatasetInfo | null): Picture {
  const shape = network?.input?.shape
  if (picture.type === 'bytes') return shape && elementCount(shape) !== picture.values.length ? firstPicture : picture
  return data && picture.index >= data.counts[picture.split] ? firstPicture : picture
}
