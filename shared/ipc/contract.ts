import { z } from 'zod'
import { exchangeCalls, type ExchangeEvents } from './exchange-calls'
import { call, gives } from './call'
import { aidsCalls, type AidsEvents } from './aids-calls'
import { experimentCalls, type ExperimentEvents } from './experiment-calls'
import { newRunSchema, queueCalls, type QueueEvents } from './queue-calls'
import { backupCalls, type BackupEvents, type RestoredBackup } from './backup-calls'
import { documentCalls, type DocumentEvents } from './document-calls'
import { organizeCalls } from './organize-calls'
import type { RecoveryProgress } from './recovery-progress'
import { exportCalls, type ExportEvents } from './export-calls'
import { insideCalls } from './inside-calls'
import type { InspectProgress } from '../inspect/answers'
import { datasetIds, type DatasetInfo, type LabelledImages } from '../data/dataset'
import type { WireError } from '../errors'
import { locales } from '../layers/define'
import { networkDocumentSchema, type NetworkDocument } from '../network/document'
import { runConfigSchema, type RunConfig } from '../training/config'
import type { Kernels } from '../training/messages'
import type { EngineReport, EpochResult, Progress, RunState, StepRecord } from '../training/state'

export const runIdSchema = z.uuid()
const nothing = z.undefined()
const runRef = z.strictObject({ id: runIdSchema })

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** `system` follows the computer's language. */
  locale: z.enum(['system', ...locales]),
  /** Of runs that end while the window is not in front. */
  notifications: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly platform: string
  readonly systemLocale: string
  /** Something is wrong with the stored runs, and what was done about it; null when all is well. */
  readonly storageNotice: WireError | null
  /** The backup that this start put in place; null for none. */
  readonly restored: RestoredBackup | null
}

export interface DatasetEntry {
  readonly info: DatasetInfo
  /** Null when the files are there and sound. */
  readonly problem: WireError | null
}

export interface RunSummary {
  readonly id: string
  readonly name: string
  readonly networkName: string
  readonly config: RunConfig
  readonly state: RunState
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly endedAt: number | null
  readonly engine: EngineReport | null
  readonly lastEpoch: EpochResult | null
  readonly progress: Progress | null
  readonly tags: readonly string[]
  /** What a person wrote about it. */
  readonly note: string
  readonly pinned: boolean
  readonly archived: boolean
  /** The sweep or the repeats that it belongs to. */
  readonly experiment: string | null
  /** Where its weights come from; null where they were drawn or imported. */
  readonly parent: RunParent | null
}

/** The moment of another run that a run was forked from. */
export interface RunParent {
  readonly run: string
  /** The checkpoint's folder, such as `epoch-0003`. */
  readonly checkpoint: string
}

export interface RunDetail extends RunSummary {
  readonly document: NetworkDocument
  readonly epochs: readonly EpochResult[]
}

/** All steps of a run as columns, in order. */
export interface StepColumns {
  readonly step: Int32Array
  readonly loss: Float32Array
  readonly learningRate: Float32Array
}

export const calls = {
  ...exportCalls,
  'app.info': call(nothing, gives<AppInfo>()),
  'settings.get': call(nothing, gives<Settings>()),
  'settings.set': call(settingsSchema.partial(), gives<Settings>()),
  'networks.reference': call(nothing, gives<NetworkDocument>()),
  ...documentCalls,
  'datasets.list': call(nothing, gives<DatasetEntry[]>()),
  /** The first pictures from `offset` on of one split. */
  'datasets.samples': call(
    z.strictObject({
      id: z.enum(datasetIds),
      split: z.enum(['train', 'test']),
      offset: z.int().min(0),
      count: z.int().min(1).max(1000),
    }),
    gives<LabelledImages>(),
  ),
  /** The class of every picture of one split, in its order. */
  'datasets.labels': call(
    z.strictObject({ id: z.enum(datasetIds), split: z.enum(['train', 'test']) }),
    gives<Uint8Array>(),
  ),
  ...exchangeCalls,
  'runs.list': call(nothing, gives<RunSummary[]>()),
  'runs.get': call(runRef, gives<RunDetail>()),
  'runs.steps': call(runRef, gives<StepColumns>()),
  /** Kernels of a convolution from the newest checkpoint, or live from the trainer where the run is active. */
  'runs.kernels': call(z.strictObject({ id: runIdSchema, layer: z.string() }), gives<Kernels | null>()),
  'runs.start': call(newRunSchema, gives<RunSummary>()),
  'runs.pause': call(runRef, gives<undefined>()),
  'runs.resume': call(runRef, gives<undefined>()),
  'runs.stop': call(runRef, gives<undefined>()),
  /**
   * Goes on with a run that has ended: as if it had never been interrupted, or for more epochs in all. Rejects with
   * `invalid-input` where nothing is left to train.
   */
  'runs.continue': call(
    z.strictObject({ id: runIdSchema, epochs: z.int().min(1).max(100000).optional() }),
    gives<RunSummary>(),
  ),
  /** Begins a run with the weights of a checkpoint of another, such as `epoch-0003`, and with settings of its own. */
  'runs.fork': call(
    z.strictObject({
      id: runIdSchema,
      checkpoint: z.string().regex(/^epoch-\d{4,}(-step-\d{6,})?$/),
      /** Also the optimizer's slots, where the checkpoint has them; for the same network and optimizer. */
      keepOptimizer: z.boolean(),
      document: networkDocumentSchema.optional(),
      config: runConfigSchema,
      name: z.string().max(200).optional(),
    }),
    gives<RunSummary>(),
  ),
  'runs.rename': call(z.strictObject({ id: runIdSchema, name: z.string().min(1).max(200) }), gives<RunSummary>()),
  ...organizeCalls,
  ...insideCalls,
  ...queueCalls,
  ...aidsCalls,
  ...backupCalls,
  ...experimentCalls,
} as const

export type CallName = keyof typeof calls
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>
export type CallParsed<Name extends CallName> = z.output<(typeof calls)[Name]['input']>
export type CallOutput<Name extends CallName> = ReturnType<(typeof calls)[Name]['output']>

/** What main tells the window. Facts only. */
export interface AppEvents
  extends DocumentEvents, QueueEvents, AidsEvents, BackupEvents, ExchangeEvents, ExportEvents, ExperimentEvents {
  /** A run began, changed its state or its name, or ended. */
  readonly 'run.changed': RunSummary
  readonly 'run.progress': { readonly id: string; readonly progress: Progress; readonly steps: readonly StepRecord[] }
  readonly 'run.epoch': { readonly id: string; readonly result: EpochResult }
  readonly 'run.kernels': { readonly id: string; readonly step: number; readonly kernels: Kernels }
  readonly 'run.deleted': { readonly id: string }
  /** Tags, notes, pins or archiving of these changed, or they came back. */
  readonly 'runs.changed': readonly RunSummary[]
  /** A run goes on from its newest checkpoint: what was told beyond it is told anew, and its stored curves end there. */
  readonly 'run.rewound': { readonly id: string }
  /** Something that did not end a run, but that the person should know. */
  readonly 'run.notice': { readonly id: string; readonly notice: WireError }
  'inspect.progress': InspectProgress
  /** Before anything else: a damaged database is put right. Only the window that shows this hears of it. */
  readonly 'storage.recovering': RecoveryProgress
  /** Metrics could not be stored (full disk, lock); training goes on and they are kept in memory and retried. */
  readonly 'storage.problem': { readonly error: WireError | null }
}
export type EventName = keyof AppEvents

export type Reply<Output> =
  { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly error: WireError }

/** What the preload script puts on `window.convscope`. */
export interface Bridge {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Reply<CallOutput<Name>>>
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: AppEvents[Name]) => void): () => void
  /** Where a file that was dropped on the window lies; empty for one that is on no disk. */
  pathOf(file: object): string
}
