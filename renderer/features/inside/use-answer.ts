import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { InspectAnswers, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import { AppError } from '../../../shared/errors'
import { listen } from '../../api/bridge'
import { useInside } from '../../stores/inside'
import { errorDetails, type ErrorDetails } from '../../stores/toasts'
import { ask, type Question } from './ask'

/** While a run trains and `now` is looked at, answers are renewed this often at most. */
const renewalMs = 500

/**
 * The answer to a question that changes with what is looked at. The old answer stays until the new one is there; of
 * questions that came meanwhile only the newest is asked. `query` gives null where there is nothing to ask.
 */
export function useAnswer<Type extends InspectQueryType>(query: () => QueryOf<Type> | null) {
  const inside = useInside()
  const answer = shallowRef<InspectAnswers[Type] | null>(null)
  const error = shallowRef<ErrorDetails | null>(null)
  const progress = shallowRef<InspectProgress | null>(null)
  const busy = ref(false)
  let asked: Question<Type> | null = null
  let again = false
  let askedAt = 0

  function begin(): void {
    const source = inside.source
    const wanted = query()
    if (!source || !wanted) {
      cancel()
      if (!source) answer.value = null
      return
    }
    if (asked) {
      again = true
      return
    }
    void follow(ask(source, structuredClone(wanted), (news) => (progress.value = news)))
  }

  async function follow(question: Question<Type>): Promise<void> {
    asked = question
    askedAt = performance.now()
    busy.value = true
    try {
      const found = await question.answer
      if (asked === question) [answer.value, error.value] = [found, null]
    } catch (reason) {
      const wanted = !(reason instanceof AppError && reason.kind === 'cancelled')
      if (asked === question && wanted) error.value = errorDetails(reason)
    }
    if (asked !== question) return
    asked = null
    busy.value = false
    progress.value = null
    if (again) {
      again = false
      begin()
    }
  }

  /** Ends the question on its way; the old answer stays. */
  function cancel(): void {
    asked?.cancel()
    asked = null
    again = false
    busy.value = false
    progress.value = null
  }

  watch([() => inside.source, query], begin, { immediate: true })
  const unfollow = listen('run.progress', ({ id }) => {
    const current = inside.source
    if (current?.run !== id || current.moment.type !== 'now') return
    if (performance.now() - askedAt >= renewalMs) begin()
  })
  onScopeDispose(() => {
    unfollow()
    cancel()
  })

  return { answer, error, progress, busy, cancel, retry: begin }
}
