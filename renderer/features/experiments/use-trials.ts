import { computed, ref, shallowRef, watch } from 'vue'
import { formatPlanValue } from '../../../shared/experiments/expand'
import { targetKey, type PlanValue } from '../../../shared/experiments/plan'
import {
  bestOf,
  compareMetric,
  isAccuracy,
  meanRows,
  metricKeys,
  sortBy,
  trialRows,
  type MetricKey,
  type TrialRow,
  type TrialSorting,
} from '../../../shared/experiments/trial-rows'
import type { Experiment } from '../../../shared/ipc/experiment-calls'
import { percent } from '../../i18n/format'
import { t } from '../../i18n/text'
import { useExperiments } from '../../stores/experiments'
import { useRuns } from '../../stores/runs'
import { buildAxis, passes, place, type Brush } from './parallel'

/** The runs of an experiment as rows and as lines of a plot: judged by one metric, narrowed by brushes, sorted. */
export function useTrials(experiment: () => Experiment) {
  const experiments = useExperiments()
  const runs = useRuns()

  const metric = ref<MetricKey>(experiment().plan.config.validation_split > 0 ? 'bestLoss' : 'testAccuracy')
  const sorting = ref<TrialSorting>({ key: metric.value, descending: isAccuracy(metric.value) })
  const brushes = shallowRef<ReadonlyMap<string, Brush>>(new Map())
  watch(metric, (key) => (sorting.value = { key, descending: isAccuracy(key) }))

  const none = new Map<string, never>()
  const rows = computed(() => trialRows(experiment(), runs.summaries, experiments.results.get(experiment().id) ?? none))
  const parameters = computed(() => experiment().plan.parameters.map(({ target }) => targetKey(target)))
  const repeats = computed(() => experiment().plan.seeds.length > 1)
  const bestKey = computed(() => bestOf(rows.value, metric.value, (row) => row.metrics[metric.value]))
  const means = computed(() => meanRows(passing.value))
  const bestMean = computed(() => bestOf(means.value, metric.value, (row) => row.metrics[metric.value]?.mean ?? null))

  /** The columns of the plot: what was varied, then how it went. */
  const columns = computed(() => {
    const shown = metricKeys.filter((key) => key === metric.value || key === 'bestAccuracy' || key === 'testAccuracy')
    const chosenLast = [...shown].sort((a, b) => Number(a === metric.value) - Number(b === metric.value))
    return [
      ...parameters.value.map((key, index) => ({
        key,
        label: key,
        // Switched off is a value too.
        valueOf: (row: TrialRow): PlanValue => row.values[index] ?? formatPlanValue(null),
        write: undefined,
      })),
      ...(repeats.value
        ? [{ key: 'seed', label: t('form.seed'), valueOf: (row: TrialRow): PlanValue => row.seed, write: undefined }]
        : []),
      ...chosenLast
        .map((key) => ({
          key,
          label: t(`experiments.metrics.${key}`),
          valueOf: (row: TrialRow): PlanValue => row.metrics[key],
          write: isAccuracy(key) ? (value: number) => percent(value, 1) : undefined,
        }))
        .filter(({ valueOf, key }) => key === metric.value || rows.value.some((row) => valueOf(row) !== null)),
    ]
  })
  const axes = computed(() =>
    columns.value.map(({ key, label, valueOf, write }) => buildAxis(key, label, rows.value.map(valueOf), write)),
  )
  /** The worst and the best value of the chosen metric; null while there is none. */
  const extent = computed(() => {
    const values = rows.value
      .flatMap(({ metrics }) => metrics[metric.value] ?? [])
      .sort((a, b) => compareMetric(metric.value, b, a))
    const [worst, best] = [values[0], values.at(-1)]
    return worst === undefined || best === undefined ? null : { worst, best }
  })
  const lines = computed(() =>
    rows.value.map((row) => {
      const values = columns.value.map(({ valueOf }) => valueOf(row))
      const places = new Map(axes.value.map((axis, index) => [axis.key, place(axis, values[index] ?? null)]))
      const value = row.metrics[metric.value]
      return { key: row.key, values, shade: shadeOf(value), passes: passes(places, brushes.value) }
    }),
  )
  const passing = computed(() => {
    const kept = new Set(lines.value.filter((line) => line.passes).map(({ key }) => key))
    return rows.value.filter(({ key }) => kept.has(key))
  })
  const sorted = computed(() => sortBy(passing.value, sorting.value.descending, valueFor(sorting.value.key)))

  function shadeOf(value: number | null): number | null {
    if (value === null || !extent.value) return null
    const { worst, best } = extent.value
    return worst === best ? 1 : (value - worst) / (best - worst)
  }

  function valueFor(key: string): (row: TrialRow) => PlanValue {
    const index = parameters.value.indexOf(key)
    if (index >= 0) return (row) => row.values[index] ?? null
    if (key === 'seed') return (row) => row.seed
    if (key === 'state') return (row) => (row.run ? t(`states.${row.run.state.type}`) : null)
    const found = metricKeys.find((one) => one === key)
    return (row) => (found ? row.metrics[found] : null)
  }

  return {
    metric,
    sorting,
    brushes,
    rows,
    parameters,
    repeats,
    bestKey,
    means,
    bestMean,
    axes,
    extent,
    lines,
    passing,
    sorted,
  }
}
