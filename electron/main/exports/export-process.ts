import { AppError } from '../../../shared/errors'
import type { ExportProgress } from '../../../shared/exports/exports'
import type { ExporterEvent, ExportJob, ExportMade } from '../../../shared/exports/messages'
import { startJob, type JobProcess } from '../job-process'
import type { ProgramChild } from '../program-child'

export type ExportChild = ProgramChild<ExportJob, ExporterEvent>

/** Rejects with what the program says, `cancelled`, or `exporter-crashed`. */
export type ExportProcess = JobProcess<ExportMade>

export interface ExportProcessOptions {
  readonly fork: () => ExportChild
  readonly kill: (child: ExportChild) => void
  readonly log: (message: string) => void
}

export type LaunchExport = (job: ExportJob, onProgress: (progress: ExportProgress) => void) => ExportProcess

/** Each export in a process of its own. */
export function exportProcesses(options: ExportProcessOptions): LaunchExport {
  const program = { ...options, name: 'exporter', cancelled, crashed }
  return (job, onProgress) => startJob(program, job, onProgress)
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The export was cancelled.')
}

function crashed(exit: string, lines: string): AppError {
  const detail = `The process that writes the export ended unexpectedly (${exit}).`
  return new AppError('exporter-crashed', lines ? `${detail} It last wrote: ${lines}` : detail, {
    fix: 'Nothing was changed on the disk. Try again.',
    params: { detail, lines },
  })
}
