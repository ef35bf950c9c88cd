import type { InspectAnswers, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import type { InspectSource } from '../../../shared/inspect/source'
import { AppError } from '../../../shared/errors'
import { call, listen } from '../../api/bridge'
import { useInside } from '../../stores/inside'
import { errorDetails, type ErrorDetails } from '../../stores/toasts'

/** A question on its way. `answer` rejects with `cancelled` once `cancel` was called. */
export interface Question<Type extends InspectQueryType> {
  readonly answer: Promise<InspectAnswers[Type]>
  cancel(): void
}

/** Asks a network's inside; the answer's type follows the query's. */
export function ask<Type extends InspectQueryType>(
  source: InspectSource,
  query: QueryOf<Type>,
  onProgress: (progress: InspectProgress) => void = () => undefined,
): Question<Type> {
  const request = crypto.randomUUID()
  const unfollow = listen('inspect.progress', (progress) => {
    if (progress.request === request) onProgress(progress)
  })
  // Each query's answer is of its own type: the contract promises it, and cannot say it call by call.
  const answer = call('inspect.ask', { request, source, query }) as Promise<InspectAnswers[Type]>
  return {
    answer: answer.finally(unfollow),
    cancel: () => void call('inspect.cancel', { request }),
  }
}

export type Outcome<Type extends InspectQueryType> =
  | { readonly type: 'answered'; readonly answer: InspectAnswers[Type] }
  | { readonly type: 'failed'; readonly error: ErrorDetails }
  | { readonly type: 'cancelled' }

/** What becomes of a question whose answer a view shows; a replay waits for it. */
export async function outcomeOf<Type extends InspectQueryType>({ answer }: Question<Type>): Promise<Outcome<Type>> {
  const inside = useInside()
  inside.questions++
  try {
    return { type: 'answered', answer: await answer }
  } catch (reason) {
    const kind = reason instanceof AppError ? reason.kind : null
    // The checkpoint may have been cleared away: then another moment is looked at.
    if (kind === 'not-found') void inside.refreshMoments()
    return kind === 'cancelled' ? { type: 'cancelled' } : { type: 'failed', error: errorDetails(reason) }
  } finally {
    inside.questions--
  }
}
