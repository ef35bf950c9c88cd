import { utilityProcess } from 'electron'
import { availableParallelism } from 'node:os'
import type { ArchiveChild } from './archives/archive-process'
import type { ExportChild } from './exports/export-process'
import type { InspectorChild } from './inspect/inspector-process'
import type { RecoverChild } from './recovery/open-behind'
import type { RangeChild } from './runs/rate-finder'
import type { TrainerChild } from './trainer-process'

/** Starts the trainer's program in a process of its own. `cwd` must be a real folder, not one inside the packed app. */
export function forkTrainer(program: string, cwd: string): TrainerChild {
  return fork(program, cwd, 'Convscope trainer', {})
}

/** The same program to test learning rates. */
export function forkRateTest(program: string, cwd: string): RangeChild {
  return fork(program, cwd, 'Convscope rate test', {})
}

/**
 * The same program to look into a network. It leaves the graphics card, and most of the processor's cores, to the one that
 * trains; a single picture is answered faster on one core anyway.
 */
export function forkInspector(program: string, cwd: string): InspectorChild {
  return fork(program, cwd, 'Convscope inspector', sparing())
}

/** The program that writes exports. Like the inspector it leaves the machine to the one that trains. */
export function forkExporter(program: string, cwd: string): ExportChild {
  return fork(program, cwd, 'Convscope exporter', sparing())
}

/** The program that writes and reads run files and backups. */
export function forkArchiver(program: string, cwd: string): ArchiveChild {
  return fork(program, cwd, 'Convscope archiver', {})
}

/** The same program to put a damaged database right. */
export function forkRecovery(program: string, cwd: string): RecoverChild {
  return fork(program, cwd, 'Convscope recovery', {})
}

function fork(program: string, cwd: string, serviceName: string, env: Readonly<Record<string, string>>) {
  return utilityProcess.fork(program, [], {
    serviceName,
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      // Without it TensorFlow's start-up banner would be all that is kept of stderr.
      TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
      // Electron's malloc gives large blocks back to the system at once, and every step would fault their pages in again.
      TF_CPU_ALLOCATOR_USE_BFC: process.env.TF_CPU_ALLOCATOR_USE_BFC ?? 'true',
      ...env,
    },
  })
}

function sparing(): Readonly<Record<string, string>> {
  const threads = String(Math.max(1, Math.floor(availableParallelism() / 4)))
  return { CUDA_VISIBLE_DEVICES: '-1', TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: threads }
}

/** Not the polite way: a program within a native call does not hear it. */
export function killChild({ pid }: { readonly pid: number | undefined }): void {
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}
