import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { DatasetId, LabelledImages, Split } from '../../shared/data/dataset'
import type { DatasetEntry } from '../../shared/ipc/contract'
import { call } from '../api/bridge'
import { errorDetails, useToasts, type ErrorDetails } from './toasts'

export interface PictureRef {
  readonly dataset: DatasetId
  readonly split: Split
  /** Position in the split, from 0. */
  readonly index: number
}

export type Page =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly images: LabelledImages }
  | { readonly type: 'failed'; readonly error: ErrorDetails }

const keptPages = 40

/** Data sets, the pages of pictures looked at lately, and the picture that is selected. */
export const useDatasets = defineStore('datasets', () => {
  const toasts = useToasts()
  const entries = shallowRef<readonly DatasetEntry[]>([])
  const status = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<ErrorDetails | null>(null)
  const pages = shallowReactive(new Map<string, Page>())
  const knownLabels = shallowReactive(new Map<string, Uint8Array | 'loading'>())
  const selected = shallowRef<PictureRef | null>(null)
  const selectedImages = shallowRef<LabelledImages | null>(null)
  const byId = computed(() => new Map(entries.value.map((entry) => [entry.info.id, entry])))

  async function load(): Promise<void> {
    status.value = 'loading'
    try {
      entries.value = await call('datasets.list', undefined)
      status.value = 'ready'
    } catch (reason) {
      error.value = errorDetails(reason)
      status.value = 'failed'
    }
  }

  function key(id: DatasetId, split: Split, offset: number, count: number): string {
    return `${id}/${split}/${offset}/${count}`
  }

  /** A page as far as it is here; `fetch` brings it. */
  function page(id: DatasetId, split: Split, offset: number, count: number): Page | null {
    return pages.get(key(id, split, offset, count)) ?? null
  }

  async function fetch(id: DatasetId, split: Split, offset: number, count: number): Promise<void> {
    const name = key(id, split, offset, count)
    const known = pages.get(name)
    if (known && known.type !== 'failed') return
    pages.set(name, { type: 'loading' })
    try {
      pages.set(name, { type: 'ready', images: await call('datasets.samples', { id, split, offset, count }) })
    } catch (reason) {
      pages.set(name, { type: 'failed', error: errorDetails(reason) })
    }
    for (const old of [...pages.keys()].slice(0, Math.max(0, pages.size - keptPages))) pages.delete(old)
  }

  /** The class of every picture of a split; null until `fetchLabels` has brought them. */
  function labels(id: DatasetId, split: Split): Uint8Array | null {
    const known = knownLabels.get(`${id}/${split}`)
    return known === undefined || known === 'loading' ? null : known
  }

  async function fetchLabels(id: DatasetId, split: Split): Promise<void> {
    const name = `${id}/${split}`
    if (knownLabels.has(name)) return
    knownLabels.set(name, 'loading')
    const found = await toasts.guard(() => call('datasets.labels', { id, split }))
    if (found) knownLabels.set(name, found)
    else knownLabels.delete(name)
  }

  /** `images` holds the picture at `at`. */
  function select(picture: PictureRef, images: LabelledImages, at: number): void {
    const [height, width, channels] = images.shape
    const size = height * width * channels
    selected.value = picture
    selectedImages.value = {
      count: 1,
      shape: images.shape,
      images: images.images.slice(at * size, (at + 1) * size),
      labels: images.labels.slice(at, at + 1),
    }
  }

  function clearSelection(): void {
    selected.value = null
    selectedImages.value = null
  }

  return {
    entries,
    status,
    error,
    byId,
    selected,
    selectedImages,
    load,
    page,
    fetch,
    labels,
    fetchLabels,
    select,
    clearSelection,
  }
})
