import { utilityProcess } from 'electron'
import type { TrainerChild } from './trainer-process'

/** Starts the trainer's program in a process of its own. `cwd` must be a real folder, not one inside the packed app. */
export function forkTrainer(program: string, cwd: string): TrainerChild {
  return utilityProcess.fork(program, [], {
    serviceName: 'Convscope trainer',
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      // Without it TensorFlow's start-up banner would be all that is kept of stderr.
      TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
      // Electron's malloc gives large blocks back to the system at once, and every step would fault their pages in again.
      TF_CPU_ALLOCATOR_USE_BFC: process.env.TF_CPU_ALLOCATOR_USE_BFC ?? 'true',
    },
  })
}

/** Not the polite way: a trainer within a native call does not hear it. */
export function killTrainer({ pid }: TrainerChild): void {
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}
