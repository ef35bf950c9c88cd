import type { InspectAnswer } from '../../shared/inspect/answers'
import type { InspectQuery } from '../../shared/inspect/queries'
import { AppError } from '../../shared/errors'
import { explainAnswer, maximised } from './explain-answers'
import type { FakeBridge } from './fake-bridge'

const stages = 20
const stageMs = 60

/** Lets questions about explanations and mistakes be answered in appearance, long ones with progress; others as before. */
export function simulateInspector(bridge: FakeBridge): void {
  const { 'inspect.ask': others, 'inspect.cancel': end } = bridge.answers
  const ended = new Set<string>()

  bridge.answers['inspect.cancel'] = (input) => {
    ended.add(input.request)
    return end(input)
  }
  bridge.answers['inspect.ask'] = async (input) => {
    const query = input.query
    const answer = explainAnswer(query)
    if (!answer) return others(input)
    for (let stage = 1; stage < stages && isLong(query); stage++) {
      await new Promise((resolve) => setTimeout(resolve, stageMs))
      if (ended.has(input.request)) throw new AppError('cancelled', 'The question was ended.')
      const { done, total, partial } = stateOf(query, stage / stages)
      bridge.emit('inspect.progress', { request: input.request, done, total, partial })
    }
    return answer
  }
}

function isLong(query: InspectQuery): boolean {
  return ['maximise', 'topPatches', 'predictions', 'embedding'].includes(query.type)
}

function stateOf(query: InspectQuery, share: number): { done: number; total: number; partial: InspectAnswer | null } {
  if (query.type !== 'maximise') return { done: Math.round(10_000 * share), total: 10_000, partial: null }
  const done = Math.round(query.iterations * share)
  return { done, total: query.iterations, partial: maximised(query, done) }
}
