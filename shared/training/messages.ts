import type { WireError } from '../errors'
import type { NetworkDocument } from '../network/document'
import type { Position } from './checkpoint-names'
import type { RunConfig } from './config'
import type { EpochDistributions } from './histograms'
import type { EngineReport, EpochResult, Progress, Score, StepRecord } from './state'

/** What the trainer is told. It runs one run and then ends. */
export type TrainerCommand =
  | {
      readonly type: 'start'
      readonly document: NetworkDocument
      readonly config: RunConfig
      /** Folder that holds each data set's IDX files, by id. */
      readonly dataFolders: Readonly<Record<string, string>>
      /** Folder of this run; checkpoints go into it. */
      readonly runFolder: string
      /** Safetensors to start from, in place of random values; what they lack is drawn. */
      readonly initialWeights: string | null
      /** Safetensors of an optimizer's slots to start from, of the same optimizer and network; null to begin with none. */
      readonly initialOptimizer: string | null
      /**
       * Goes on from the newest sound checkpoint in `runFolder`, or from its start where there is none. `further` also goes on
       * after an end that early stopping made.
       */
      readonly resume: 'exactly' | 'further' | null
    }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'stop' }
  | { readonly type: 'inspect'; readonly request: number; readonly what: TrainerQuestion }
  /** Comes with a port, through which weights that are asked for go from now on. */
  | { readonly type: 'connect' }

export type StartCommand = Extract<TrainerCommand, { readonly type: 'start' }>

export type TrainerQuestion =
  /** Current kernels of a convolution. */
  | { readonly type: 'kernels'; readonly layer: string }
  /** All weights of this instant, through the port of the last `connect`, under the request's number. */
  | { readonly type: 'weights' }

export interface Kernels {
  readonly layer: string
  /** PyTorch's `[out, in, kh, kw]` */
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A weight in the layout of the engine that keeps it, in which it is handed on cheaply. */
export interface EngineWeight {
  /** PyTorch's: `conv1.weight` */
  readonly name: string
  readonly values: Float32Array
  /** The picture `[height, width, channels]` by which the engine numbers the rows of a dense matrix; null for PyTorch's order. */
  readonly rowsOf: readonly [number, number, number] | null
}

/** What the trainer says. Each `started` is followed by exactly one of finished, stopped and failed; silence is a crash. */
export type TrainerEvent =
  | {
      readonly type: 'started'
      readonly engine: EngineReport
      readonly trainCount: number
      readonly validationCount: number
      readonly totalSteps: number
      /** Where it goes on; null for a run that begins. What was told beyond that place will be told anew. */
      readonly from: Position | null
      /** What was not as expected while it was taken up again, such as a damaged checkpoint that was passed over. */
      readonly notices: readonly WireError[]
    }
  /** At most 2 a second, and one at the end of an epoch; holds every step since the one before. */
  | { readonly type: 'progress'; readonly progress: Progress; readonly steps: readonly StepRecord[] }
  | { readonly type: 'kernels'; readonly step: number; readonly kernels: Kernels }
  | {
      readonly type: 'epoch'
      readonly result: EpochResult
      /** The checkpoint's file, relative to the run's folder. */
      readonly checkpoint: string
    }
  /** At the end of an epoch, before its `epoch`, where the run records them. */
  | { readonly type: 'distributions'; readonly distributions: EpochDistributions }
  /** `reason`: by itself, until what it names has passed or the person resumes. */
  | { readonly type: 'paused'; readonly reason?: WireError }
  | { readonly type: 'resumed' }
  /** The run's whole state was kept, besides at an epoch's end; the file as in `epoch`. */
  | { readonly type: 'checkpoint'; readonly checkpoint: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'inspected'; readonly request: number; readonly kernels: Kernels | null }
  /** All weights were handed over: those of after `step`, which took so much of the training's time. */
  | { readonly type: 'weights'; readonly request: number; readonly step: number; readonly milliseconds: number }
  | { readonly type: 'finished'; readonly test: Score; readonly checkpoint: string }
  /** `checkpoint` as in `epoch`: what was learned up to the stop; absent where nothing is newer than the last one. */
  | { readonly type: 'stopped'; readonly checkpoint?: string }
  | { readonly type: 'failed'; readonly error: WireError }
