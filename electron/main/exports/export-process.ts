import { AppError, fromWire } from '../../../shared/errors'
import type { ExportProgress, ExportProof } from '../../../shared/exports/exports'
import type { ExchangeEvent, ExportJob } from '../../../shared/exports/messages'
import { describeExit, lastWordsMs, openMailbox, tellingLines, type ProgramChild } from '../program-child'

export type ExportChild = ProgramChild<ExportJob, ExchangeEvent>

export interface ExportProcess {
  /** Rejects with what the program says, `cancelled`, or `exporter-crashed`. Settles when the process has ended. */
  readonly done: Promise<{ readonly proof: ExportProof; readonly bytes: number }>
  /** Ends the process, whatever it is doing. */
  cancel(): void
}

export interface ExportProcessOptions {
  readonly fork: () => ExportChild
  readonly kill: (child: ExportChild) => void
  readonly log: (message: string) => void
}

export type LaunchExport = (job: ExportJob, onProgress: (progress: ExportProgress) => void) => ExportProcess

/** Each export in a process of its own: cancelling is ending it, and its crash harms nothing else. */
export function exportProcesses({ fork, kill, log }: ExportProcessOptions): LaunchExport {
  return function launch(job, onProgress) {
    const child = fork()
    const mailbox = openMailbox(child, 'exporter', log)
    let outcome: Exclude<ExchangeEvent, { type: 'progress' }> | null = null
    let cancelled = false

    const done = new Promise<{ proof: ExportProof; bytes: number }>((resolve, reject) => {
      child.on('message', (event) => {
        if (event.type === 'progress') onProgress(event.progress)
        else outcome ??= event
      })
      child.on('exit', (code) => {
        // What it said just before its end may arrive after the news of it.
        setTimeout(() => settle(code), outcome || cancelled ? 0 : lastWordsMs)
      })
      function settle(code: number): void {
        if (cancelled) reject(new AppError('cancelled', 'The export was cancelled.'))
        else if (outcome?.type === 'exported') resolve({ proof: outcome.proof, bytes: outcome.bytes })
        else if (outcome) reject(fromWire(outcome.error))
        else reject(crashed(code, mailbox.stderr, log))
      }
    })
    mailbox.post(job)
    return {
      done,
      cancel() {
        cancelled = true
        kill(child)
      },
    }
  }
}

function crashed(code: number, stderr: string, log: (message: string) => void): AppError {
  const lines = tellingLines(stderr)
  const message = `The process that writes the export ended unexpectedly (${describeExit(code)}).`
  log(`${message}\n${stderr.trim()}`)
  return new AppError('exporter-crashed', lines ? `${message} It last wrote: ${lines}` : message, {
    fix: 'Nothing was changed on the disk. Try again.',
    params: { detail: message, lines },
  })
}
