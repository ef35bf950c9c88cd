import { AppError } from '../../../shared/errors'
import { WeightFileFailure, type WeightFileCode } from '../../../shared/import/weights/failure'
import { readWeightFile, type WeightFile } from '../../../shared/import/weights/file'
import type { ImportParams } from '../../../shared/import/report'

export interface WeightRequest {
  readonly name: string
  readonly bytes: Uint8Array
}

export type WeightAnswer =
  | { readonly type: 'read'; readonly file: WeightFile }
  | { readonly type: 'failed'; readonly code: WeightFileCode; readonly params: ImportParams }
  /** What nobody foresaw. */
  | { readonly type: 'crash'; readonly message: string }

/** What the worker does. */
export function readWeights({ name, bytes }: WeightRequest): WeightAnswer {
  try {
    return { type: 'read', file: readWeightFile(bytes, name) }
  } catch (error) {
    if (error instanceof WeightFileFailure) return { type: 'failed', code: error.code, params: error.params }
    return { type: 'crash', message: error instanceof Error ? error.message : String(error) }
  }
}

/** What of an answer is moved, not copied: the memory of its tensors, each once. */
export function movedWeights(answer: WeightAnswer): ArrayBuffer[] {
  const tensors = answer.type === 'read' ? answer.file.tensors : []
  const buffers = new Set(tensors.map(({ values }) => values.buffer))
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer)
}

/** Reads a file beside the window, which then does not stand still. The bytes are given away. */
export function readBesideWindow(request: WeightRequest): Promise<WeightAnswer> {
  const worker = new Worker(new URL('./weights-worker.ts', import.meta.url), { type: 'module' })
  const { buffer } = request.bytes
  return new Promise<WeightAnswer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WeightAnswer>) => resolve(data)
    worker.onerror = ({ message }) => reject(new AppError('internal', `The weights could not be read: ${message}`))
    worker.postMessage(request, { transfer: buffer instanceof ArrayBuffer ? [buffer] : [] })
  }).finally(() => worker.terminate())
}
