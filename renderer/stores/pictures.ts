import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { DatasetId, LabelledImages, Split } from '../../shared/data/dataset'
import { call } from '../api/bridge'
import { useToasts } from './toasts'

/** Pictures this close are fetched together with those between them. */
const widestGap = 8
const mostAtOnce = 1000
const mostKept = 6000

/** Single pictures of the data sets, wherever in a split they lie: for walls of pictures that were picked by something. */
export const usePictures = defineStore('pictures', () => {
  const toasts = useToasts()
  /** Each a batch of one. Outside Vue's reactivity: who draws them follows `arrivals`. */
  const kept = new Map<string, LabelledImages>()
  const arrivals = ref(0)
  /** By part of a data set: what is to be fetched at the end of this turn. */
  const wanted = new Map<string, number[]>()
  const onTheirWay = new Set<string>()

  /** The picture, if it is here; follows its arrival. `want` fetches it. */
  function find(dataset: DatasetId, split: Split, index: number): LabelledImages | null {
    void arrivals.value
    return kept.get(`${dataset}/${split}/${index}`) ?? null
  }

  /** Fetches those of the pictures that are not here; all that are wanted in one turn go in few calls. */
  function want(dataset: DatasetId, split: Split, indices: Iterable<number>): void {
    const part = `${dataset}/${split}`
    const missing = [...new Set(indices)].filter((index) => {
      const name = `${part}/${index}`
      return !kept.has(name) && !onTheirWay.has(name)
    })
    if (missing.length === 0) return
    for (const index of missing) onTheirWay.add(`${part}/${index}`)
    const waiting = wanted.get(part)
    if (waiting) {
      waiting.push(...missing)
      return
    }
    wanted.set(part, missing)
    queueMicrotask(() => {
      wanted.delete(part)
      void toasts.guard(() => Promise.all(spansOf(missing).map((span) => fetch(dataset, split, span))))
    })
  }

  async function fetch(dataset: DatasetId, split: Split, { offset, count }: Span): Promise<void> {
    const part = `${dataset}/${split}`
    try {
      const batch = await call('datasets.samples', { id: dataset, split, offset, count })
      const size = batch.shape[0] * batch.shape[1] * batch.shape[2]
      for (let i = 0; i < batch.count; i++) {
        kept.set(`${part}/${offset + i}`, {
          count: 1,
          shape: batch.shape,
          images: batch.images.slice(i * size, (i + 1) * size),
          labels: batch.labels.slice(i, i + 1),
        })
      }
      for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(old)
      arrivals.value++
    } finally {
      for (let i = 0; i < count; i++) onTheirWay.delete(`${part}/${offset + i}`)
    }
  }

  return { find, want }
})

interface Span {
  readonly offset: number
  readonly count: number
}

/** Stretches that hold all of `indices`, none longer than `mostAtOnce`, each picture once. */
export function spansOf(indices: readonly number[]): Span[] {
  const spans: { offset: number; count: number }[] = []
  for (const index of [...new Set(indices)].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    const reach = last ? index - last.offset + 1 : Infinity
    if (last && index - (last.offset + last.count) <= widestGap && reach <= mostAtOnce) last.count = reach
    else spans.push({ offset: index, count: 1 })
  }
  return spans
}
