import { z } from 'zod'
import type { StepColumns } from '../ipc/contract'
import type { RunConfig } from '../training/config'
import { epochDone, initialLoopState } from '../training/loop-state'
import type { EpochResult } from '../training/state'

/** What a run can leave the app as. */
export const exportFormats = [
  'safetensors',
  'onnx',
  'keras',
  'tfjs',
  'savedmodel',
  'npz',
  'pytorch-project',
  'csv',
] as const
export type ExportFormatId = (typeof exportFormats)[number]

/** The ending of the file; null where the export is a folder of files. */
export const exportExtensions: Readonly<Record<ExportFormatId, string | null>> = {
  safetensors: 'safetensors',
  onnx: 'onnx',
  keras: 'keras',
  tfjs: null,
  savedmodel: null,
  npz: 'npz',
  'pytorch-project': null,
  csv: 'csv',
}

/** Files that a folder holds after an export; a folder with others is not replaced. */
export const exportFolderFiles: Readonly<Partial<Record<ExportFormatId, readonly string[]>>> = {
  tfjs: ['model.json', 'weights.bin'],
  savedmodel: ['saved_model.pb', 'variables', 'README.md'],
  'pytorch-project': [
    'README.md',
    'requirements.txt',
    'run.json',
    'model.py',
    'train.py',
    'schedule.py',
    'data.py',
    'distributed.py',
    'history.py',
    'checkpoint.py',
    'checkpoint',
  ],
}

/** Why an export cannot take a place: in the `problem` of the error's params. */
export const targetProblems = ['no-folder', 'is-folder', 'other-files'] as const
export type TargetProblem = (typeof targetProblems)[number]

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

/** What came of reading the file back, by `reader`. Where it does not agree, nothing of the export is kept but this. */
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
      /** Of a PyTorch project alone. */
      readonly project?: ProjectProof
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
  /** It could not be read back at all, or gives something else than the network's outputs. */
  | { readonly type: 'unread'; readonly detail: string; readonly agrees: false }

export interface ProjectProof {
  /** Tensors of the optimizer's state, each equal to the checkpoint's bit for bit; 0 where it keeps none. */
  readonly optimizerTensors: number
  /** The PyTorch that ran the project's own code; null where none was found and only its weights were run. */
  readonly program: string | null
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
  /** Where it was to go; it went there only if the proof agrees. */
  readonly path: string
  readonly bytes: number
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly proof: ExportProof
}

/** What tells the best epoch. */
export type WatchedMetric = 'validation-loss' | 'validation-accuracy' | 'train-loss' | 'train-accuracy'

export interface BestEpoch {
  readonly epoch: number
  readonly by: WatchedMetric
}

/**
 * The best of the `kept` epochs as the training itself tells it: by what early stopping watches, and by what it counts as a
 * gain, else by the loss; of validation where there is one. Null where no epoch is both kept and measured.
 */
export function bestEpoch(
  results: readonly EpochResult[],
  kept: readonly number[],
  config: Pick<RunConfig, 'schedule' | 'early_stopping'>,
): BestEpoch | null {
  const measured = results.filter(({ validation, train }) => !Number.isNaN((validation ?? train).loss))
  const known = measured.filter(({ epoch }) => kept.includes(epoch))
  const best = (among: typeof measured) =>
    among.reduce((loop, result) => epochDone(loop, result, config), initialLoopState).best?.epoch
  // The run's own best is kept but for a person who removed it.
  const epoch = [best(measured), best(known)].find((found) => found !== undefined && kept.includes(found))
  const result = results.find((found) => found.epoch === epoch)
  if (epoch === undefined || !result) return null
  return { epoch, by: `${result.validation ? 'validation' : 'train'}-${config.early_stopping?.monitor ?? 'loss'}` }
}
