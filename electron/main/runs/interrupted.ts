import { AppError, toWire } from '../../../shared/errors'
import type { RunState } from '../../../shared/training/state'
import type { RunsRepository } from '../db/repositories/runs'
import type { Session } from '../db/sessions'
import type { WriteQueue } from './write-queue'

/** Ends runs whose program died while they trained. Runs of a program that still lives (the command line) go on. */
export function endInterrupted(runs: RunsRepository, session: Session, queue: WriteQueue): void {
  for (const { id, session: owner, seenAt } of runs.active()) {
    if (!session.isAlive(owner)) queue.push({ run: () => runs.end(id, interrupted(), seenAt) })
  }
  queue.flush()
}

/** The state of a run whose program died while it trained. */
function interrupted(): RunState {
  const error = new AppError('trainer-crashed', 'Convscope ended while this run was training.', {
    fix: 'Resume it: it goes on from its last checkpoint.',
    params: { detail: 'interrupted' },
  })
  return { type: 'failed', error: toWire(error) }
}
