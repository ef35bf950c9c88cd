import type { InspectorEvent } from '../../../shared/inspect/messages'
import type { InspectQueryType } from '../../../shared/inspect/queries'
import type { Step } from './lens'

const progressMs = 1000 / 10
/** Answers that are large are shown less often. */
const largeMs = 1000 / 3
const large: ReadonlySet<InspectQueryType> = new Set(['predictions', 'topPatches', 'embedding'])

/** Tells how far a question is, and what is known so far, no more often than a window can show. */
export function createProgress(
  { request, query }: { readonly request: string; readonly query: { readonly type: InspectQueryType } },
  say: (event: InspectorEvent) => void,
  milliseconds: () => number,
): (step: Step) => void {
  const partialMs = large.has(query.type) ? largeMs : progressMs
  let toldAt = -Infinity
  let shownAt = -Infinity
  return ({ done, total, partial }) => {
    const now = milliseconds()
    if (now - toldAt < progressMs) return
    toldAt = now
    const shown = partial !== null && now - shownAt >= partialMs
    if (shown) shownAt = now
    say({ type: 'progress', progress: { request, done, total, partial: shown ? partial() : null } })
  }
}
