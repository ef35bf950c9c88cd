import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { InspectAnswers, InspectProgress } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import { listen } from '../../api/bridge'
import { useInside, type Side } from '../../stores/inside'
import type { ErrorDetails } from '../../stores/toasts'
import { ask, outcomeOf, type Question } from './ask'

/**
 * While a run trains and `now` is looked at, answers are renewed this often at most, and so seldom that all that are shown take
 * this share of the time together: the training goes first.
 */
const renewalMs = 500
const renewalShare = 0.05

/**
 * The answer to a question that changes with what is looked at. The old answer stays until the new one is there; of
 * questions that came meanwhile only the newest is asked. A question that tells of its progress is a long one, and ended
 * when another takes its place. `query` gives null where there is nothing to ask. `side` says whose network is asked.
 */
export function useAnswer<Type extends InspectQueryType>(query: () => QueryOf<Type> | null, side: Side = 'main') {
  const inside = useInside()
  const answer = shallowRef<InspectAnswers[Type] | null>(null)
  /** The question that `answer` answers. */
  const answered = shallowRef<QueryOf<Type> | null>(null)
  const error = shallowRef<ErrorDetails | null>(null)
  const progress = shallowRef<InspectProgress | null>(null)
  const busy = ref(false)
  let asked: Question<Type> | null = null
  let again = false
  let finishedAt = 0
  let lasted = 0

  const source = () => (side === 'main' ? inside.source : inside.otherSource)

  function begin(): void {
    const from = source()
    const wanted = query()
    if (!from || !wanted) {
      cancel()
      if (!from) answer.value = null
      return
    }
    if (asked && progress.value === null) {
      again = true
      return
    }
    cancel()
    const question = ask(from, structuredClone(wanted), (news) => {
      if (asked !== question) return
      progress.value = news
      if (again) begin()
    })
    void follow(question, wanted)
  }

  async function follow(question: Question<Type>, wanted: QueryOf<Type>): Promise<void> {
    asked = question
    const askedAt = performance.now()
    busy.value = true
    const outcome = await outcomeOf(question)
    if (asked !== question) return
    if (outcome.type === 'answered') [answer.value, answered.value, error.value] = [outcome.answer, wanted, null]
    if (outcome.type === 'failed') error.value = outcome.error
    finishedAt = performance.now()
    lasted = finishedAt - askedAt
    const next = again
    settle()
    if (next) begin()
  }

  function settle(): void {
    asked = null
    again = false
    busy.value = false
    progress.value = null
  }

  /** Ends the question on its way; the old answer stays. */
  function cancel(): void {
    asked?.cancel()
    settle()
  }

  function renew(): void {
    if (asked || document.hidden) return
    const rest = Math.max(renewalMs, (lasted * inside.answers) / renewalShare)
    if (performance.now() - finishedAt >= rest) begin()
  }

  watch(
    () => source()?.run,
    () => {
      // Layers of another network are none of this one's.
      cancel()
      answer.value = null
      error.value = null
    },
  )
  inside.answers++
  watch([source, query], begin, { immediate: true })
  const unfollow = listen('run.progress', ({ id }) => {
    const current = source()
    if (current?.run === id && current.moment.type === 'now') renew()
  })
  onScopeDispose(() => {
    inside.answers--
    unfollow()
    cancel()
  })

  return { answer, answered, error, progress, busy, cancel, retry: begin }
}
