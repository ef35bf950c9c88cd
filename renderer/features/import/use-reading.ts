import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { AppError } from '../../../shared/errors'
import type { ImportAnswer, ImportSource } from '../../../shared/import/import'
import type { ImageShape } from '../../../shared/network/shape'
import { useToasts } from '../../stores/toasts'
import type { ReadAnswer, ReadRequest } from './reading'

export interface Reading {
  /** Of the newest request; null before the first, and after `forget`. */
  readonly answer: Readonly<ShallowRef<ImportAnswer | null>>
  readonly isReading: Readonly<Ref<boolean>>
  /** Reads `source`; the bytes of a file are given away. Null reads the last one again, with another `input`. */
  read(source: ImportSource | null, input: ImageShape | null, usual: ImageShape): void
  forget(): void
}

/** Reads networks of other programs beside the window, for as long as the component lives. */
export function useReading(): Reading {
  const toasts = useToasts()
  const answer = shallowRef<ImportAnswer | null>(null)
  const isReading = ref(false)
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' })
  let latest = 0

  worker.onmessage = ({ data }: MessageEvent<ReadAnswer>) => {
    if (data.id !== latest) return
    isReading.value = false
    if (data.type === 'answer') answer.value = data.answer
    else fail(data.message)
  }
  worker.onerror = ({ message }) => fail(message)
  onBeforeUnmount(() => worker.terminate())

  function fail(message: string): void {
    isReading.value = false
    answer.value = null
    toasts.report(new AppError('internal', `The network could not be read: ${message}`))
  }

  function read(source: ImportSource | null, input: ImageShape | null, usual: ImageShape): void {
    const request: ReadRequest = { id: ++latest, source, input, usual }
    const { buffer } = source?.type === 'onnx' ? source.bytes : new Uint8Array()
    isReading.value = true
    worker.postMessage(request, { transfer: source?.type === 'onnx' && buffer instanceof ArrayBuffer ? [buffer] : [] })
  }

  function forget(): void {
    latest++
    isReading.value = false
    answer.value = null
  }

  return { answer, isReading, read, forget }
}
