import { AppError } from '../../../shared/errors'
import type { RunSummary } from '../../../shared/ipc/contract'
import type { RunConfig } from '../../../shared/training/config'
import type { StartCommand } from '../../../shared/training/messages'
import { listCheckpoints } from '../../run-folder/read-checkpoint'

export interface Continuation {
  readonly config: RunConfig
  readonly resume: NonNullable<StartCommand['resume']>
}

/**
 * How a run that has ended goes on, to its end or to `epochs` in all. Throws `invalid-input` where no epoch is left, and
 * `not-found` where it has learned something and kept no state of its optimizer: it would begin anew and lose its metrics.
 */
export function continuation(
  { name, config, state, lastEpoch }: RunSummary,
  runFolder: string,
  epochs: number = config.epochs,
): Continuation {
  const done = lastEpoch?.epoch ?? 0
  if (epochs < done || (epochs === done && state.type === 'finished')) {
    throw new AppError('invalid-input', `The run has trained ${done} epochs already.`, {
      fix: `Give more than ${done} epochs in all.`,
      params: { epoch: done },
    })
  }
  if (lastEpoch !== null && listCheckpoints(runFolder).length === 0) {
    throw new AppError('not-found', `The run "${name}" has kept no state of its optimizer to go on from.`, {
      fix: 'Begin a new run from its weights instead.',
      params: { name },
    })
  }
  return { config: { ...config, epochs }, resume: state.type === 'finished' ? 'further' : 'exactly' }
}
