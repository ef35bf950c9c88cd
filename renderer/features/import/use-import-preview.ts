import { watchDebounced } from '@vueuse/core'
import { computed, onBeforeUnmount, shallowRef, type ComputedRef } from 'vue'
import type { ImportAnswer, ImportSource } from '../../../shared/import/import'
import type { ImageShape } from '../../../shared/network/shape'
import { useDatasets } from '../../stores/datasets'
import { useImports, type TypedSize } from '../../stores/imports'
import { useTrainingForm } from '../../stores/training-form'
import { useReading } from './use-reading'

type Failed = Extract<ImportAnswer, { type: 'failed' }>
type Read = Extract<ImportAnswer, { type: 'read' }>

export interface ImportPreview {
  readonly read: ComputedRef<Read | null>
  readonly failed: ComputedRef<Pick<Failed, 'code' | 'params'> | null>
  /** Whether what is shown is of what was typed last, and not of what was there before. */
  readonly isCurrent: ComputedRef<boolean>
}

/** Typing and pasting come in bursts. */
const restMs = 120

/** Reads what the import dialog holds, again after each change, for as long as the component lives. */
export function useImportPreview(): ImportPreview {
  const imports = useImports()
  const datasets = useDatasets()
  const form = useTrainingForm()
  const reading = useReading()
  const sent = shallowRef<{ readonly source: ImportSource | null; readonly size: ImageShape | 'wrong' | null }>({
    source: null,
    size: null,
  })

  /** Pictures of the data set that is to be trained on. */
  const usual = computed<ImageShape>(() => {
    const [height = 28, width = 28, channels = 1] = datasets.byId.get(form.draft.dataset)?.info.shape ?? []
    return { height, width, channels }
  })
  const source = computed<ImportSource | null>(() => {
    const { file, text, format } = imports
    if (file?.type === 'onnx') return { type: 'onnx', name: file.name, bytes: file.bytes }
    return file?.type === 'failed' || text.trim() === '' ? null : { type: 'text', text, format }
  })
  const size = computed(() => (imports.size === null ? null : sizeOf(imports.size)))

  watchDebounced(
    [source, size],
    () => {
      const [next, before] = [{ source: source.value, size: size.value }, sent.value.source]
      sent.value = next
      if (next.source === null) reading.forget()
      else if (next.size !== 'wrong') {
        reading.read(next.source === before ? null : next.source, next.size, usual.value)
      }
    },
    { debounce: restMs, immediate: true },
  )
  onBeforeUnmount(imports.clear)

  const read = computed(() => (reading.answer.value?.type === 'read' ? reading.answer.value : null))
  const failed = computed(() => {
    if (imports.file?.type === 'failed') return imports.file
    return reading.answer.value?.type === 'failed' ? reading.answer.value : null
  })
  const isCurrent = computed(
    () =>
      !reading.isReading.value &&
      size.value !== 'wrong' &&
      sent.value.source === source.value &&
      sent.value.size === size.value,
  )
  return { read, failed, isCurrent }
}

/** Sizes that the Input layer takes. */
export function isSide(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 4096
}

function sizeOf({ height, width, channels }: TypedSize): ImageShape | 'wrong' {
  return isSide(height) && isSide(width) && isSide(channels) ? { height, width, channels } : 'wrong'
}
