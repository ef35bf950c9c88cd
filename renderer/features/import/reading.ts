import { readImport, type ImportAnswer, type ImportSource } from '../../../shared/import/import'
import type { ImageShape } from '../../../shared/network/shape'

/** What the window asks its worker. */
export interface ReadRequest {
  readonly id: number
  /** Null reads the source of the last request again. */
  readonly source: ImportSource | null
  readonly input: ImageShape | null
  readonly usual: ImageShape
}

export type ReadAnswer =
  | { readonly id: number; readonly type: 'answer'; readonly answer: ImportAnswer }
  /** What nobody foresaw. */
  | { readonly id: number; readonly type: 'crash'; readonly message: string }

/** Reads what is asked; keeps the source, so that a large file comes over only once. */
export function createReader(): (request: ReadRequest) => ReadAnswer {
  let kept: ImportSource = { type: 'text', text: '', format: 'auto' }
  return ({ id, source, input, usual }) => {
    kept = source ?? kept
    try {
      return { id, type: 'answer', answer: readImport(kept, input, usual) }
    } catch (error) {
      return { id, type: 'crash', message: error instanceof Error ? error.message : String(error) }
    }
  }
}

/** What of an answer is moved, not copied: the memory of its weights, each once. */
export function moved({ type, ...rest }: ReadAnswer): ArrayBuffer[] {
  if (type !== 'answer' || !('answer' in rest) || rest.answer.type !== 'read') return []
  const buffers = [...(rest.answer.result.weights?.values() ?? [])].map(({ values }) => values.buffer)
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer)
}
