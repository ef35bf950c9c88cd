import type { ArchiveProgress } from '../../shared/ipc/archive-progress'
import type { JobEvent } from '../../shared/jobs'
import type { EpochResult } from '../../shared/training/state'
import type { PackedRun } from './run-file/manifest'

/** Columns of the same length, in order. */
export interface StepNumbers {
  readonly step: ArrayLike<number>
  readonly loss: ArrayLike<number>
  readonly learningRate: ArrayLike<number>
}

/** A run that becomes one file. */
export interface PackJob {
  /** The file to make; nothing is there yet. */
  readonly target: string
  readonly run: PackedRun
  readonly epochs: readonly EpochResult[]
  /** For a run whose folder has no journal of them; else null. */
  readonly steps: StepNumbers | null
  /** The run's, with its checkpoints. */
  readonly folder: string
  readonly appVersion: string
  /** The newest weights, or those of every moment that is kept. */
  readonly checkpoints: 'newest' | 'all'
  /** Also the optimizer's slots, without which training cannot go on as it was. */
  readonly optimizer: boolean
}

/** A run file whose content becomes a folder. */
export interface OpenJob {
  readonly file: string
  /** The folder to make; nothing is there yet. */
  readonly into: string
  /** Ids of runs that are not wanted again. */
  readonly taken: readonly string[]
}

/** `exists`: its run is one of those that are not wanted again, and nothing was unpacked. */
export type OpenedFile =
  | { readonly type: 'exists'; readonly id: string }
  | {
      readonly type: 'opened'
      readonly run: PackedRun
      readonly appVersion: string
      /** Unix milliseconds. */
      readonly writtenAt: number
    }

/** A copy of the database, and the run folders where they are wanted, that become one file. */
export interface BackupJob {
  readonly target: string
  readonly home: string
  /** A copy of the database as of one moment. */
  readonly snapshot: string
  readonly folders: boolean
  readonly appVersion: string
  /** Version of the database's tables. */
  readonly schema: number
  readonly runs: number
}

export interface UnpackJob {
  readonly file: string
  readonly into: string
}

/** What a backup says of itself. */
export interface BackupContent {
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly appVersion: string
  readonly runs: number
  /** Whether the run folders, and with them the weights, are in it. */
  readonly folders: boolean
}

export interface ArchiveWatch {
  readonly onProgress: (progress: ArchiveProgress) => void
  /** Ends it early, with `cancelled`; nothing is left of what was made then. */
  readonly signal?: AbortSignal | undefined
}

/** Files that are written and read as a whole, which takes long and may fill a disk. Each leaves nothing where it fails. */
export interface Archives {
  pack(job: PackJob, watch: ArchiveWatch): Promise<void>
  /** Throws `file-corrupt`, `unsupported-version` and what the disk throws. */
  open(job: OpenJob, watch: ArchiveWatch): Promise<OpenedFile>
  /** Gives the number of files in it. */
  backup(job: BackupJob, watch: ArchiveWatch): Promise<number>
  /** Throws as `open`, and `database-too-new`. */
  unpack(job: UnpackJob, watch: ArchiveWatch): Promise<BackupContent>
}

/** One of these, for a program in a process of its own. */
export type ArchiveCommand = {
  [Type in keyof Archives]: { readonly type: Type; readonly job: Parameters<Archives[Type]>[0] }
}[keyof Archives]

export type ArchiveEvent = JobEvent<ArchiveProgress, Awaited<ReturnType<Archives[keyof Archives]>>>
