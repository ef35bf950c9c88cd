import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { Split } from '../../../shared/data/dataset'
import { judge } from '../../../shared/inspect/metrics'
import { useInside } from '../../stores/inside'
import { sourceKey, useQuestion } from '../inside/use-question'

export const mistakeSections = ['confusion', 'hardest', 'calibration', 'embedding'] as const
export type MistakeSection = (typeof mistakeSections)[number]

/** A cell of the confusion matrix. */
export interface Cell {
  readonly label: number
  readonly predicted: number
}

/** What the network answers to a whole split. The answers outlive a look at another view. */
export const useMistakes = defineStore('mistakes', () => {
  const inside = useInside()
  const section = ref<MistakeSection>('confusion')
  const split = ref<Split>('test')
  const cell = shallowRef<Cell | null>(null)
  /** The matrix shows shares of each true class, else counts. */
  const shares = ref(false)
  const onlyWrong = ref(true)
  const embeddingSettings = reactive({ count: 2000, neighbours: 15, minDistance: 0.1, seed: 0 })
  const predictions = useQuestion<'predictions'>()
  const embedding = useQuestion<'embedding'>()
  let askedKey = ''

  /** Of the whole split; while it is looked through for the first time, of the pictures so far. */
  const judgement = computed(() => {
    const answer = predictions.answered.value?.answer ?? predictions.partial.value
    return answer && judge(answer)
  })

  /** Asks for the predictions, but not twice for the same weights. */
  function look(): void {
    const { source, run } = inside
    if (!source) return
    // The weights of a run that trains are others after each epoch.
    const renewed = source.moment.type === 'now' ? (run?.lastEpoch?.epoch ?? 0) : 0
    const key = `${sourceKey(source)} ${renewed} ${split.value}`
    if (key === askedKey && (predictions.busy.value || predictions.answered.value)) return
    if (predictions.answered.value?.source.run !== source.run) forget()
    askedKey = key
    renew()
  }

  function renew(): void {
    void predictions.begin({ type: 'predictions', split: split.value, limit: null })
  }

  function embed(): void {
    void embedding.begin({ type: 'embedding', split: split.value, ...embeddingSettings })
  }

  function forget(): void {
    predictions.forget()
    embedding.forget()
    cell.value = null
  }

  return {
    section,
    split,
    cell,
    shares,
    onlyWrong,
    embeddingSettings,
    predictions,
    embedding,
    judgement,
    look,
    renew,
    embed,
  }
})
