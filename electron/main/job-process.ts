import type { AppError } from '../../shared/errors'
import { fromWire } from '../../shared/errors'
import type { JobEvent } from '../../shared/jobs'
import { describeExit, lastWordsMs, openMailbox, tellingLines, type ProgramChild } from './program-child'

export interface JobProcess<Result> {
  /** Rejects with what the program says, `cancelled`, or `crashed`. Settles when the process has ended. */
  readonly done: Promise<Result>
  /** Ends the process, whatever it is doing. */
  cancel(): void
}

export interface JobProgram<Job, Progress, Result> {
  /** For the log. */
  readonly name: string
  readonly fork: () => ProgramChild<Job, JobEvent<Progress, Result>>
  readonly kill: (child: ProgramChild<Job, JobEvent<Progress, Result>>) => void
  readonly log: (message: string) => void
  readonly cancelled: () => AppError
  /** `detail`: how it ended; `lines`: what it last wrote, where that tells anything. */
  readonly crashed: (detail: string, lines: string) => AppError
}

/** Has a program do one job in a process of its own: cancelling is ending it, and its crash harms nothing else. */
export function startJob<Job, Progress, Result>(
  program: JobProgram<Job, Progress, Result>,
  job: Job,
  onProgress: (progress: Progress) => void,
): JobProcess<Result> {
  const child = program.fork()
  const mailbox = openMailbox(child, program.name, program.log)
  let outcome: Exclude<JobEvent<Progress, Result>, { type: 'progress' }> | null = null
  let cancelled = false

  const done = new Promise<Result>((resolve, reject) => {
    child.on('message', (event) => {
      if (event.type === 'progress') onProgress(event.progress)
      else outcome ??= event
    })
    child.on('exit', (code) => {
      // What it said just before its end may arrive after the news of it.
      setTimeout(() => settle(code), outcome || cancelled ? 0 : lastWordsMs)
    })
    function settle(code: number): void {
      if (cancelled) reject(program.cancelled())
      else if (outcome?.type === 'done') resolve(outcome.result)
      else if (outcome) reject(fromWire(outcome.error))
      else reject(crash(code))
    }
  })
  mailbox.post(job)
  return {
    done,
    cancel() {
      cancelled = true
      program.kill(child)
    },
  }

  function crash(code: number): AppError {
    const detail = describeExit(code)
    program.log(`the ${program.name} ended unexpectedly (${detail})\n${mailbox.stderr.trim()}`)
    return program.crashed(detail, tellingLines(mailbox.stderr))
  }
}
