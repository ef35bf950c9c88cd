import { formatPlanValue } from './expand'
import { spreadOf, type Spread } from './statistics'
import { targetKey, type PlanValue } from './plan'
import type { RunSummary } from '../ipc/contract'
import type { Experiment, TrialResult } from '../ipc/experiment-calls'

/** What an experiment's runs are compared by. */
export const metricKeys = [
  'bestLoss',
  'bestAccuracy',
  'testAccuracy',
  'testLoss',
  'lastLoss',
  'lastAccuracy',
  'seconds',
] as const
export type MetricKey = (typeof metricKeys)[number]
export type Metrics = Readonly<Record<MetricKey, number | null>>

/** One run of an experiment with all that is known of it. */
export interface TrialRow {
  readonly key: string
  readonly combination: number
  readonly values: readonly PlanValue[]
  readonly seed: number
  /** Null where the run was deleted. */
  readonly run: RunSummary | null
  readonly metrics: Metrics
}

/** The runs of one combination together. */
export interface MeanRow {
  readonly key: string
  readonly combination: number
  readonly values: readonly PlanValue[]
  readonly rows: readonly TrialRow[]
  readonly metrics: Readonly<Record<MetricKey, Spread | null>>
}

export interface TrialSorting {
  /** A metric, `seed`, `state`, or a parameter's name. */
  readonly key: string
  readonly descending: boolean
}

export function isAccuracy(metric: MetricKey): boolean {
  return metric.endsWith('Accuracy')
}

/** Below zero where `a` is better than `b`: a smaller loss or time, a larger accuracy. */
export function compareMetric(metric: MetricKey, a: number, b: number): number {
  return isAccuracy(metric) ? b - a : a - b
}

export function trialRows(
  { trials }: Experiment,
  runs: ReadonlyMap<string, RunSummary>,
  results: ReadonlyMap<string, TrialResult>,
): TrialRow[] {
  return trials.map(({ run: id, combination, values, seed }) => {
    const run = runs.get(id) ?? null
    const result = results.get(id)
    const test = run?.state.type === 'finished' ? run.state.test : null
    return {
      key: id,
      combination,
      values,
      seed,
      run,
      metrics: {
        bestLoss: result?.bestLoss ?? null,
        bestAccuracy: result?.bestAccuracy ?? null,
        lastLoss: result?.lastLoss ?? null,
        lastAccuracy: result?.lastAccuracy ?? null,
        testLoss: test?.loss ?? null,
        testAccuracy: test?.accuracy ?? null,
        seconds: run && run.endedAt !== null ? Math.max(0, run.endedAt - run.createdAt) / 1000 : null,
      },
    }
  })
}

/** Rows of equal settings as one, in the order of the plan. */
export function meanRows(rows: readonly TrialRow[]): MeanRow[] {
  const groups = new Map<number, TrialRow[]>()
  for (const row of rows) groups.set(row.combination, [...(groups.get(row.combination) ?? []), row])
  return [...groups].map(([combination, members]) => ({
    key: `mean-${combination}`,
    combination,
    values: members[0]?.values ?? [],
    rows: members,
    metrics: Object.fromEntries(
      metricKeys.map((metric) => [metric, spreadOf(members.map((row) => row.metrics[metric]))]),
    ) as MeanRow['metrics'],
  }))
}

/** The key of the best row; null where none has the metric. */
export function bestOf<Row extends { readonly key: string }>(
  rows: readonly Row[],
  metric: MetricKey,
  valueOf: (row: Row) => number | null,
): string | null {
  let best: { key: string; value: number } | null = null
  for (const row of rows) {
    const value = valueOf(row)
    if (value === null || !Number.isFinite(value)) continue
    if (best === null || compareMetric(metric, value, best.value) < 0) best = { key: row.key, value }
  }
  return best?.key ?? null
}

/** Rows without a value come last, whichever way round. */
export function sortBy<Row>(rows: readonly Row[], descending: boolean, valueOf: (row: Row) => PlanValue): Row[] {
  const known = rows.filter((row) => valueOf(row) !== null)
  const unknown = rows.filter((row) => valueOf(row) === null)
  const sign = descending ? -1 : 1
  return [...known.sort((a, b) => sign * compareValues(valueOf(a), valueOf(b))), ...unknown]
}

function compareValues(a: PlanValue, b: PlanValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return formatPlanValue(a).localeCompare(formatPlanValue(b), 'en', { numeric: true })
}

/** The whole table as CSV: names as in the plan, numbers as they are. */
export function trialsCsv({ plan }: Experiment, rows: readonly TrialRow[]): string {
  const head = ['run', 'state', ...plan.parameters.map(({ target }) => targetKey(target)), 'seed', ...metricKeys]
  const lines = rows.map(({ run, values, seed, metrics }) => [
    run?.name ?? '',
    run?.state.type ?? '',
    ...values.map(formatPlanValue),
    seed,
    ...metricKeys.map((metric) => metrics[metric] ?? ''),
  ])
  return `${[head, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`
}

function csvCell(value: string | number): string {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
