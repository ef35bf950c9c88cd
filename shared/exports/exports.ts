import { z } from 'zod'
import type { StepColumns } from '../ipc/contract'
import type { EpochResult } from '../training/state'

/** What a run can leave the app as. */
export const exportFormats = ['safetensors', 'onnx', 'keras', 'tfjs', 'savedmodel', 'npz', 'csv'] as const
export type ExportFormatId = (typeof exportFormats)[number]

/** The ending of the file; null where the export is a folder of files. */
export const exportExtensions: Readonly<Record<ExportFormatId, string | null>> = {
  safetensors: 'safetensors',
  onnx: 'onnx',
  keras: 'keras',
  tfjs: null,
  savedmodel: null,
  npz: 'npz',
  csv: 'csv',
}

/** Files that a folder holds after an export; a folder with others is not replaced. */
export const exportFolderFiles: Readonly<Partial<Record<ExportFormatId, readonly string[]>>> = {
  tfjs: ['model.json', 'weights.bin'],
  savedmodel: ['saved_model.pb', 'variables', 'README.md'],
}

/** Whose weights leave: of the newest checkpoint, of the best kept epoch, or of one epoch (0 is the start). */
export const exportMomentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('last') }),
  z.strictObject({ type: z.literal('best') }),
  z.strictObject({ type: z.literal('epoch'), epoch: z.int().min(0) }),
])
export type ExportMoment = z.infer<typeof exportMomentSchema>

export const exportPhases = ['prepare', 'write', 'read', 'compare'] as const
export type ExportPhase = (typeof exportPhases)[number]

export interface ExportProgress {
  readonly phase: ExportPhase
  /** Of this phase, 0 to 1. */
  readonly done: number
}

/** What came of reading the file back, by `reader`. */
export type ExportProof =
  | {
      readonly type: 'outputs'
      readonly reader: string
      /** What the outputs are compared with: the app's own network on this engine. */
      readonly reference: string
      readonly pictures: number
      /** Of the data set's test pictures, or seeded noise where those are not there or of another size. */
      readonly source: 'test' | 'random'
      /** Between any two outputs. */
      readonly largestDifference: number
      /** The largest output without its sign. */
      readonly largestOutput: number
      /** The most that the difference may be. */
      readonly tolerance: number
      readonly agrees: boolean
    }
  | {
      readonly type: 'table'
      readonly reader: string
      readonly steps: number
      readonly epochs: number
      /** Values that differ from the run's. */
      readonly differing: number
      readonly agrees: boolean
    }

export type OutputsProof = Extract<ExportProof, { readonly type: 'outputs' }>

/** The curves of a run. */
export interface RunMetrics {
  readonly steps: StepColumns
  readonly epochs: readonly EpochResult[]
}

export interface ExportRecord {
  readonly id: string
  readonly run: string
  readonly format: ExportFormatId
  /** Whose weights: `epoch-0003`, as checkpoints are named; empty for metrics. */
  readonly moment: string
  readonly path: string
  readonly bytes: number
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly proof: ExportProof
}

/** The kept epoch with the smallest loss (validation, else training); null where none is both kept and measured. */
export function bestEpoch(results: readonly EpochResult[], kept: readonly number[]): number | null {
  let best: { readonly epoch: number; readonly loss: number } | null = null
  for (const { epoch, validation, train } of results) {
    const { loss } = validation ?? train
    if (!kept.includes(epoch) || Number.isNaN(loss)) continue
    if (best === null || loss < best.loss) best = { epoch, loss }
  }
  return best?.epoch ?? null
}
