import type { ExportFormatId, ExportPhase, ExportProof, ProjectProof, RunMetrics } from '../../shared/exports/exports'
import type { ExportJob } from '../../shared/exports/messages'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { SoundNetwork } from '../../shared/network/analyze'
import type { EngineId, RunConfig } from '../../shared/training/config'

export interface ExportSource {
  readonly network: SoundNetwork
  /** By PyTorch's names, in its layouts. */
  readonly weights: NamedTensors
  readonly about: ExportJob['about']
  readonly config: RunConfig
  readonly project: ExportJob['project']
}

/** Called between parts of the work; `done` is the share of the phase, 0 to 1. */
export type Report = (phase: ExportPhase, done: number) => void

/**
 * A file format that networks are written in. Images are NHWC inside the app; a format says in its own file in which order
 * its pictures enter. Pixels enter every one of them as `(value / 255 - pixelMean) / pixelStd`, as float32.
 */
export interface ExportFormat {
  readonly id: ExportFormatId
  /** Whose outputs the file's are compared with: one that shares no code with the file's reader. */
  readonly reference: EngineId
  /** Makes the file or folder `target`, flushed to the disk. */
  write(source: ExportSource, target: string): Promise<void>
  /** Reads it back by other code than wrote it. Throws where the file cannot be read. */
  read(target: string, source: ExportSource): Promise<WrittenNetwork>
}

/** A network as its file holds it. */
export interface WrittenNetwork {
  /** Name and version of the program that reads. */
  readonly reader: string
  readonly project?: ProjectProof
  /** Outputs `[count, ...]` of pictures that are float32 NHWC as they enter the app's own network. */
  run(pictures: Float32Array, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/** A table has no network to run. */
export interface TableFormat {
  readonly id: ExportFormatId
  write(metrics: RunMetrics, target: string): void
  prove(metrics: RunMetrics, target: string): ExportProof
}
