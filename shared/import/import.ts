import type { ImageShape } from '../network/shape'
import { ImportFailure, type ImportFailureCode } from './failure'
import { importKeras } from './keras'
import { importOnnx } from './onnx'
import { importPyTorch, suggestInput } from './pytorch'
import type { ImportParams, ImportResult } from './report'
import { detectFormat, type TextFormat } from './source'

export type ImportFormat = TextFormat | 'onnx'

export type ImportSource =
  | { readonly type: 'text'; readonly text: string; readonly format: TextFormat | 'auto' }
  | { readonly type: 'onnx'; readonly name: string; readonly bytes: Uint8Array }

export type ImportAnswer =
  | {
      readonly type: 'read'
      readonly format: ImportFormat
      /** The pictures' size that was taken where the source leaves it open. */
      readonly input: ImageShape
      readonly result: ImportResult
    }
  | {
      readonly type: 'failed'
      /** Null where it was not recognized. */
      readonly format: ImportFormat | null
      readonly code: ImportFailureCode
      readonly params: ImportParams
    }

/**
 * Reads a network of another program. `input` is the size of pictures that a person chose for a source that leaves it
 * open; null takes what fits the layers, `usual` where that fits. Throws only what nobody foresaw.
 */
export function readImport(source: ImportSource, input: ImageShape | null, usual: ImageShape): ImportAnswer {
  let format: ImportFormat | null = null
  try {
    format = formatOf(source)
    const size = input ?? (source.type === 'text' && format === 'pytorch' ? suggestInput(source.text, usual) : usual)
    return { type: 'read', format, input: size, result: read(source, format, size) }
  } catch (error) {
    if (!(error instanceof ImportFailure)) throw error
    return { type: 'failed', format, code: error.code, params: error.params }
  }
}

function formatOf(source: ImportSource): ImportFormat {
  if (source.type === 'onnx') return 'onnx'
  if (source.text.trim() === '') throw new ImportFailure('empty')
  return source.format === 'auto' ? detectFormat(source.text) : source.format
}

function read(source: ImportSource, format: ImportFormat, size: ImageShape): ImportResult {
  if (source.type === 'onnx') return importOnnx(source.bytes, source.name, size)
  return format === 'keras' ? importKeras(source.text, size) : importPyTorch(source.text, size)
}
