import { AppError, toWire } from '../../../shared/errors'
import type { RunState } from '../../../shared/training/state'

/** The state of a run whose program died while it trained. */
export function interrupted(): RunState {
  const error = new AppError('trainer-crashed', 'Convscope ended while this run was training.', {
    fix: 'Resume it: it goes on from its last checkpoint.',
    params: { detail: 'interrupted' },
  })
  return { type: 'failed', error: toWire(error) }
}
