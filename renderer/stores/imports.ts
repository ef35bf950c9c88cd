import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { writeSafetensors } from '../../shared/formats/safetensors'
import type { NamedTensors } from '../../shared/formats/tensors'
import { ImportFailure, type ImportFailureCode } from '../../shared/import/failure'
import type { ImportParams } from '../../shared/import/report'
import { fileContent, mostImportBytes, type TextFormat } from '../../shared/import/source'
import type { ReadImportFile } from '../../shared/ipc/document-calls'
import type { ImageShape } from '../../shared/network/shape'
import { call } from '../api/bridge'
import { t } from '../i18n/text'
import { useToasts } from './toasts'

/** A file on its way into the import dialog. */
export type ImportFile =
  | { readonly type: 'text'; readonly name: string; readonly text: string }
  | { readonly type: 'onnx'; readonly name: string; readonly size: number; readonly bytes: Uint8Array }
  | { readonly type: 'failed'; readonly name: string; readonly code: ImportFailureCode; readonly params: ImportParams }

/** Weights that came with the design, by its layers' names. */
export interface ImportedWeights {
  readonly name: string
  readonly tensors: NamedTensors
}

/** A side of the pictures is null while there is no number in its field. */
export type TypedSize = { readonly [Side in keyof ImageShape]: number | null }

/** What comes from other programs: what the import dialog is about, and the weights of what was imported. */
export const useImports = defineStore('imports', () => {
  const toasts = useToasts()
  const file = shallowRef<ImportFile | null>(null)
  const text = ref('')
  const format = ref<TextFormat | 'auto'>('auto')
  /** What was typed; null takes what fits the layers. */
  const size = shallowRef<TypedSize | null>(null)
  /** Of the design that is open; null where it brought none. */
  const weights = shallowRef<ImportedWeights | null>(null)

  /** Reads a file by its path, or asks for one where it is null. False where none was chosen. */
  async function choose(path: string | null = null): Promise<boolean> {
    const read = await toasts.guard(() => call('documents.readImport', { path }))
    if (!read) return false
    begin(toFile(read))
    return true
  }

  /** Reads a file that was dropped on the window. */
  async function take(dropped: File): Promise<boolean> {
    const { name, size } = dropped
    const read: ReadImportFile | null =
      size > mostImportBytes
        ? { type: 'too-large', name, size, most: mostImportBytes }
        : await toasts.guard(async () => ({ type: 'read', name, bytes: new Uint8Array(await dropped.arrayBuffer()) }))
    if (!read) return false
    begin(toFile(read))
    return true
  }

  function begin(next: ImportFile | null): void {
    file.value = next
    text.value = next?.type === 'text' ? next.text : ''
    format.value = 'auto'
    size.value = null
  }

  function clear(): void {
    begin(null)
  }

  async function saveWeights({ name, tensors }: ImportedWeights): Promise<void> {
    const path = await toasts.guard(() =>
      call('documents.export', { kind: 'safetensors', name, content: writeSafetensors(tensors) }),
    )
    if (path !== null) toasts.inform(t('imports.weightsSaved'), path)
  }

  return { file, text, format, size, weights, choose, take, clear, saveWeights }
})

function toFile(read: ReadImportFile): ImportFile {
  const { name } = read
  if (read.type === 'too-large') {
    return { type: 'failed', name, code: 'too-large', params: { source: name, size: read.size, most: read.most } }
  }
  try {
    const content = fileContent(name, read.bytes)
    if (content.type === 'text') return { type: 'text', name, text: content.text }
    return { type: 'onnx', name, size: read.bytes.length, bytes: read.bytes }
  } catch (error) {
    if (!(error instanceof ImportFailure)) throw error
    return { type: 'failed', name, code: error.code, params: error.params }
  }
}
