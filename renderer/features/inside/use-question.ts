import { onScopeDispose, ref, shallowRef } from 'vue'
import type { InspectAnswers, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import { momentKey, type InspectSource } from '../../../shared/inspect/source'
import { useInside } from '../../stores/inside'
import type { ErrorDetails } from '../../stores/toasts'
import { ask, outcomeOf, type Question } from './ask'

/** An answer with what it answers, since what is looked at may have changed meanwhile. */
export interface Answered<Type extends InspectQueryType> {
  readonly source: InspectSource
  readonly query: QueryOf<Type>
  readonly answer: InspectAnswers[Type]
}

/**
 * A long question, asked when `begin` is called and not by itself. A second one ends the first; the old answer stays until
 * the new one is there.
 */
export function useQuestion<Type extends InspectQueryType>() {
  const inside = useInside()
  const answered = shallowRef<Answered<Type> | null>(null)
  const error = shallowRef<ErrorDetails | null>(null)
  const progress = shallowRef<InspectProgress | null>(null)
  /** What is known so far of the question on its way. */
  const partial = shallowRef<InspectAnswers[Type] | null>(null)
  const busy = ref(false)
  let asked: Question<Type> | null = null

  async function begin(query: QueryOf<Type>): Promise<void> {
    const source = inside.source
    cancel()
    if (!source) return
    const question = ask(source, structuredClone(query), (news) => {
      if (asked !== question) return
      progress.value = news
      // Of the question's own type, as the answer; not every piece of news has one.
      if (news.partial) partial.value = news.partial as InspectAnswers[Type]
    })
    asked = question
    busy.value = true
    error.value = null
    const outcome = await outcomeOf(question)
    if (asked !== question) return
    if (outcome.type === 'answered') answered.value = { source, query, answer: outcome.answer }
    if (outcome.type === 'failed') error.value = outcome.error
    rest()
  }

  function rest(): void {
    asked = null
    busy.value = false
    progress.value = null
    partial.value = null
  }

  /** Ends the question on its way; an old answer stays. */
  function cancel(): void {
    asked?.cancel()
    rest()
  }

  function forget(): void {
    cancel()
    answered.value = null
    error.value = null
  }

  onScopeDispose(cancel)
  return { answered, error, progress, partial, busy, begin, cancel, forget }
}

/** Names whose weights these are; two sources of one name give the same answers, but for a run that still trains. */
export function sourceKey({ run, moment }: InspectSource): string {
  return `${run} ${momentKey(moment)}`
}
