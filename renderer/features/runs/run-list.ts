import type { RunSummary } from '../../../shared/ipc/contract'
import { outcomeOf, runSeconds } from '../training/run-facts'

export const sortKeys = [
  'name',
  'state',
  'network',
  'dataset',
  'accuracy',
  'loss',
  'duration',
  'started',
  'engine',
] as const
export type SortKey = (typeof sortKeys)[number]
export interface Sorting {
  readonly key: SortKey
  readonly descending: boolean
}

function valueOf(run: RunSummary, key: SortKey, now: number): string | number | null {
  switch (key) {
    case 'name':
      return run.name
    case 'state':
      return run.state.type
    case 'network':
      return run.networkName
    case 'dataset':
      return run.config.dataset
    case 'accuracy':
      return outcomeOf(run)?.accuracy ?? null
    case 'loss':
      return outcomeOf(run)?.loss ?? null
    case 'duration':
      return runSeconds(run, now)
    case 'started':
      return run.createdAt
    case 'engine':
      return run.engine?.version ?? null
  }
}

/** Runs without the value come last in both directions; equal ones keep their order. */
export function sortRuns(runs: readonly RunSummary[], { key, descending }: Sorting, now: number): RunSummary[] {
  const direction = descending ? -1 : 1
  return [...runs].sort((a, b) => {
    const [left, right] = [valueOf(a, key, now), valueOf(b, key, now)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'string') return direction * left.localeCompare(String(right), undefined, { numeric: true })
    return direction * (left - Number(right))
  })
}

/** Runs in which every word of `text` occurs, in whatever case: in `words` of the run. */
export function filterRuns(
  runs: readonly RunSummary[],
  text: string,
  words: (run: RunSummary) => string,
): RunSummary[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  return runs.filter((run) => {
    const found = words(run).toLowerCase()
    return wanted.every((word) => found.includes(word))
  })
}
