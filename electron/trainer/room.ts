import { AppError, toWire } from '../../shared/errors'
import type { Emit } from './reporter'
import type { RunControl } from './run-control'

const defaultRetryMs = 3000

export function isDiskFull(error: unknown): boolean {
  return toWire(error).kind === 'disk-full'
}

/**
 * Pauses a run whose state does not fit onto the disk: tries again every few seconds, and when the person resumes, until it
 * fits. Gives what `save` gives, or null where the run was stopped. Throws what `save` throws besides `disk-full`.
 */
export async function waitForRoom(options: {
  readonly error: unknown
  readonly save: () => string
  readonly control: RunControl
  readonly emit: Emit
  readonly answerQuestions: () => void
  readonly retryMs?: number | undefined
}): Promise<string | null> {
  const { save, control, emit, answerQuestions, retryMs = defaultRetryMs } = options
  emit({ type: 'paused', reason: toWire(explain(options.error)) })
  for (;;) {
    await Promise.race([control.changed(), new Promise((resolve) => setTimeout(resolve, retryMs))])
    answerQuestions()
    if (control.wanted === 'stop') return null
    try {
      const saved = save()
      if (control.wanted === 'run') emit({ type: 'resumed' })
      return saved
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }
}

function explain(error: unknown): AppError {
  const { message, params } = toWire(error)
  return new AppError('disk-full', `Training waits for room on the disk. ${message}`, {
    fix: 'Make room on the disk: training goes on by itself.',
    params: { detail: message, ...params },
    cause: error,
  })
}
