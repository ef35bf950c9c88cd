import { computed, ref, toRaw } from 'vue'
import { expandPlan, type ExpandedPlan } from '../../../shared/experiments/expand'
import { mostRuns, type Plan } from '../../../shared/experiments/plan'
import { layerTargets, settingTargets, type TargetOption } from '../../../shared/experiments/targets'
import { targetKey } from '../../../shared/experiments/plan'
import { useDatasets } from '../../stores/datasets'
import { useNetwork } from '../../stores/network'
import { useRuns } from '../../stores/runs'
import { useTrainingForm } from '../../stores/training-form'
import {
  baseValue,
  countRuns,
  estimateSeconds,
  newParameter,
  readPlan,
  type DraftProblem,
  type ParameterDraft,
  type SearchDraft,
} from './plan-draft'

/** From how many runs, or seconds, on it is asked whether that is meant. */
const manyRuns = 100
const longSeconds = 24 * 3600

/** The form of a new experiment: the designer's network and the settings of the next run, with some of it varied. */
export function usePlanForm() {
  const network = useNetwork()
  const form = useTrainingForm()
  const datasets = useDatasets()
  const runs = useRuns()

  const name = ref('')
  const parameters = ref<ParameterDraft[]>([])
  const search = ref<SearchDraft>({ type: 'grid', count: 10, seed: 1, repeats: 1 })
  const skipUnsound = ref(false)

  const base = computed(() => {
    const { document } = network
    return document && form.config ? { document: toRaw(document), config: form.config } : null
  })
  /** All that can be varied and is not yet. */
  const options = computed<TargetOption[]>(() => {
    const taken = new Set(parameters.value.map(({ option }) => targetKey(option.target)))
    const layers = network.analysis ? layerTargets(network.analysis) : []
    return [...settingTargets(), ...layers].filter(({ target }) => !taken.has(targetKey(target)))
  })
  const read = computed<Plan | DraftProblem>(() =>
    base.value ? readPlan(name.value, base.value, parameters.value, search.value, skipUnsound.value) : 'nothing',
  )
  const plan = computed(() => (typeof read.value === 'string' ? null : read.value))
  const count = computed(() => (plan.value ? countRuns(plan.value) : 0))
  const tooMany = computed(() => count.value > mostRuns)
  const expanded = computed<ExpandedPlan | null>(() => (plan.value && !tooMany.value ? expandPlan(plan.value) : null))
  const unsound = computed(() => expanded.value?.combinations.filter(({ problem }) => problem !== null) ?? [])
  const runCount = computed(() => expanded.value?.runs.length ?? count.value)

  /** At the speed of the newest run with epochs; null where none was measured yet. */
  const seconds = computed(() => {
    const measured = runs.all.find(({ lastEpoch }) => lastEpoch !== null)?.lastEpoch?.imagesPerSecond
    if (!measured || !expanded.value) return null
    return estimateSeconds(expanded.value.runs, (id) => datasets.byId.get(id)?.info.counts ?? null, measured)
  })
  const warns = computed(() => runCount.value > manyRuns || (seconds.value ?? 0) > longSeconds)
  const ready = computed(
    () => expanded.value !== null && runCount.value > 0 && (skipUnsound.value || unsound.value.length === 0),
  )

  function add(option: TargetOption): void {
    if (!base.value) return
    const { document, config } = base.value
    parameters.value = [...parameters.value, newParameter(option, baseValue(option.target, document, config))]
  }
  function remove(index: number): void {
    parameters.value = parameters.value.filter((_, at) => at !== index)
  }
  function replace(index: number, draft: ParameterDraft): void {
    parameters.value = parameters.value.map((old, at) => (at === index ? draft : old))
  }
  function reset(): void {
    name.value = ''
    parameters.value = []
    skipUnsound.value = false
  }

  return {
    name,
    parameters,
    search,
    skipUnsound,
    base,
    options,
    read,
    plan,
    count,
    tooMany,
    unsound,
    runCount,
    seconds,
    warns,
    ready,
    add,
    remove,
    replace,
    reset,
  }
}
