import { AppError } from '../../../shared/errors'
import type { RunSummary } from '../../../shared/ipc/contract'
import { listCheckpoints } from '../../run-folder/read-checkpoint'

/**
 * A run that has learned something goes on only from a checkpoint with the optimizer's state; without one it would begin anew
 * and lose its metrics. Throws `not-found`.
 */
export function requireResumable({ name, lastEpoch }: RunSummary, runFolder: string): void {
  if (lastEpoch === null || listCheckpoints(runFolder).length > 0) return
  throw new AppError('not-found', `The run "${name}" has kept no state of its optimizer to go on from.`, {
    fix: 'Begin a new run from its weights instead.',
    params: { name },
  })
}
