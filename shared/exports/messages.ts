import type { JobEvent } from '../jobs'
import type { NetworkDocument } from '../network/document'
import type { RunConfig } from '../training/config'
import type { ExportFormatId, ExportProgress, ExportProof, RunMetrics } from './exports'

/** One export: everything that it needs, so that nothing has to be asked for on the way. */
export interface ExportJob {
  readonly format: ExportFormatId
  readonly document: NetworkDocument
  /** Safetensors, or null for the weights that the run's seed draws. */
  readonly weights: string | null
  readonly config: RunConfig
  readonly metrics: RunMetrics | null
  /** Of a PyTorch project: the checkpoint's folder, and whether it becomes one zip file. */
  readonly project: { readonly checkpoint: string; readonly zip: boolean } | null
  /** Folder of the data set's IDX files; null where they were not found. */
  readonly dataFolder: string | null
  /** The file or folder to make; nothing is there yet. */
  readonly target: string
  /** Texts that go into the file where its format has a place for them. */
  readonly about: Readonly<Record<'run' | 'moment' | 'version', string>>
}

export interface ExportMade {
  readonly proof: ExportProof
  readonly bytes: number
}

export type ExporterEvent = JobEvent<ExportProgress, ExportMade>
