import type { RunSummary } from '../../../shared/ipc/contract'
import type { RunStateType } from '../../../shared/training/state'
import { columns, type ColumnKey } from './run-columns'
import { matches, readSearch } from './run-search'

export interface Sorting {
  readonly key: ColumnKey
  readonly descending: boolean
}

export type Archived = 'hide' | 'show' | 'only'

/** Which runs are listed. Empty lists leave none out. */
export interface RunFilter {
  readonly text: string
  readonly states: readonly RunStateType[]
  readonly datasets: readonly string[]
  /** Runs with all of these. */
  readonly tags: readonly string[]
  readonly archived: Archived
}

export const noFilter: RunFilter = { text: '', states: [], datasets: [], tags: [], archived: 'hide' }

/** Pinned runs first, then by a column. Runs without its value come last in both directions; equal ones keep their order. */
export function sortRuns(runs: readonly RunSummary[], { key, descending }: Sorting, now: number): RunSummary[] {
  const direction = descending ? -1 : 1
  const { value } = columns[key]
  const keyed = runs.map((run) => ({ run, value: value(run, now) }))
  keyed.sort((a, b) => {
    if (a.run.pinned !== b.run.pinned) return a.run.pinned ? -1 : 1
    const [left, right] = [a.value, b.value]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'string') return direction * collator.compare(left, String(right))
    return direction * (left - Number(right))
  })
  return keyed.map(({ run }) => run)
}

const collator = new Intl.Collator(undefined, { numeric: true })

/** `words` is all that is written about a run. */
export function filterRuns(
  runs: readonly RunSummary[],
  filter: RunFilter,
  words: (run: RunSummary) => string,
): RunSummary[] {
  const terms = readSearch(filter.text)
  const { states, datasets, tags, archived } = filter
  return runs.filter((run) => {
    if (archived !== 'show' && run.archived !== (archived === 'only')) return false
    if (states.length > 0 && !states.includes(run.state.type)) return false
    if (datasets.length > 0 && !datasets.includes(run.config.dataset)) return false
    if (!tags.every((tag) => run.tags.includes(tag))) return false
    return matches(run, terms, words)
  })
}

/** Whether anything but the archive is left out. */
export function isFiltering(filter: RunFilter): boolean {
  const { text, states, datasets, tags, archived } = filter
  return text.trim() !== '' || states.length + datasets.length + tags.length > 0 || archived === 'only'
}
