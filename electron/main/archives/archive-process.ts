import type { ArchiveCommand, ArchiveEvent, Archives, ArchiveWatch } from '../../exchange/archives'
import { AppError } from '../../../shared/errors'
import { startJob, type JobProcess } from '../job-process'
import type { ProgramChild } from '../program-child'

export type ArchiveChild = ProgramChild<ArchiveCommand, ArchiveEvent>

export interface ArchiveProcessOptions {
  readonly fork: () => ArchiveChild
  readonly kill: (child: ArchiveChild) => void
  readonly log: (message: string) => void
}

export interface ArchiveProcesses extends Archives {
  /** Ends those under way; what they have left is removed by who began them. */
  endAll(): void
}

type Made<Type extends keyof Archives> = Awaited<ReturnType<Archives[Type]>>

/** Writes and reads archives, each in a process of its own: the window never waits for a disk. */
export function archiveProcesses(options: ArchiveProcessOptions): ArchiveProcesses {
  const program = { ...options, name: 'archiver', cancelled, crashed }
  const open = new Set<JobProcess<unknown>>()

  async function run<Type extends keyof Archives>(
    command: Extract<ArchiveCommand, { type: Type }>,
    { onProgress, signal }: ArchiveWatch,
  ): Promise<Made<Type>> {
    if (signal?.aborted) throw cancelled()
    const running = startJob(program, command, onProgress)
    open.add(running)
    const stop = () => running.cancel()
    signal?.addEventListener('abort', stop)
    try {
      // The program answers each command with what the command is for.
      return (await running.done) as Made<Type>
    } finally {
      open.delete(running)
      signal?.removeEventListener('abort', stop)
    }
  }

  return {
    pack: (job, watch) => run<'pack'>({ type: 'pack', job }, watch),
    open: (job, watch) => run<'open'>({ type: 'open', job }, watch),
    backup: (job, watch) => run<'backup'>({ type: 'backup', job }, watch),
    unpack: (job, watch) => run<'unpack'>({ type: 'unpack', job }, watch),
    endAll() {
      for (const running of open) running.cancel()
    },
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'It was cancelled.')
}

function crashed(exit: string, lines: string): AppError {
  const detail = `The process that reads and writes files ended unexpectedly (${exit}).`
  return new AppError('archiver-crashed', lines ? `${detail} It last wrote: ${lines}` : detail, {
    fix: 'Nothing was changed. Try again.',
    params: { detail, lines },
  })
}
