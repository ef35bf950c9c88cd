import type { InspectAnswers, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import type { InspectSource } from '../../../shared/inspect/source'
import { call, listen } from '../../api/bridge'

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
