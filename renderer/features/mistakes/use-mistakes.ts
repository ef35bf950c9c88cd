import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { Split } from '../../../shared/data/dataset'
import { judge } from '../../../shared/inspect/metrics'
import { isActive } from '../../../shared/training/state'
import { useInside } from '../../stores/inside'
import { sourceKey, useQuestion } from '../inside/use-question'

export const mistakeSections = ['confusion', 'hardest', 'calibration', 'embedding'] as const
export type MistakeSection = (typeof mistakeSections)[number]

/** A cell of the confusion matrix. */
export interface Cell {
  readonly label: number
  readonly predicted: number
}

/** Of the time, while a run trains. */
const renewalShare = 0.05

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
  let askedEpoch = 0
  let lasted = 0
  let endedAt = 0

  /** Of the whole split; while it is looked through for the first time, of the pictures so far. */
  const judgement = computed(() => {
    const answer = predictions.answered.value?.answer ?? predictions.partial.value
    return answer && judge(answer)
  })

  /** Asks for the predictions of these weights, once; of those of a run that trains, again after a while. */
  function look(): void {
    const { source, run } = inside
    if (!source) return
    const key = `${sourceKey(source)} ${split.value}`
    const epoch = run?.lastEpoch?.epoch ?? 0
    // The newest weights of a run are others after each epoch.
    const isNewer = source.moment.type === 'now' && epoch > askedEpoch
    if (key === askedKey && !(isNewer && mayRenew())) return
    if (predictions.answered.value?.source.run !== source.run) forget()
    askedKey = key
    askedEpoch = epoch
    void renew()
  }

  /** The training goes first: while a run is active, looking takes no more than this share of the time. */
  function mayRenew(): boolean {
    if (predictions.busy.value || !predictions.answered.value) return false
    const isTraining = inside.run !== null && isActive(inside.run.state)
    return !isTraining || performance.now() - endedAt >= lasted / renewalShare
  }

  async function renew(): Promise<void> {
    const begun = performance.now()
    await predictions.begin({ type: 'predictions', split: split.value, limit: null })
    endedAt = performance.now()
    lasted = endedAt - begun
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
