import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import {
  computed,
  hasInjectionContext,
  inject,
  provide,
  reactive,
  ref,
  type InjectionKey,
  type Ref,
  type UnwrapNestedRefs,
} from 'vue'
import {
  lossSchema,
  optimizerSchema,
  runConfigSchema,
  scheduleSchema,
  type LossConfig,
  type OptimizerType,
  type RunConfig,
  type ScheduleConfig,
} from '../../shared/training/config'
import { crossProblems, epochProblems, problemsOf, type FormProblem } from '../features/training/rules'
import { useDatasets } from './datasets'
import { defaultDraft, fieldsOf, readDraft, toDraft, toInput, type Draft } from './training-draft'

/** Good first rates; changed along with the optimizer as long as the person has not set their own. */
export const usualRates: Readonly<Record<OptimizerType, number>> = {
  sgd: 0.1,
  momentum: 0.01,
  nesterov: 0.01,
  adam: 1e-3,
  adamw: 1e-3,
  rmsprop: 1e-3,
}

/** Settings that are checked as they are typed. */
function createForm(draft: Ref<Draft>) {
  const datasets = useDatasets()
  const classes = computed(() => datasets.byId.get(draft.value.dataset)?.info.classes.length ?? null)
  const parsed = computed(() => {
    const own = Math.max(1, draft.value.ownWeights.length)
    return runConfigSchema.safeParse(toInput(draft.value, classes.value ?? own))
  })
  const config = computed(() => (parsed.value.success ? parsed.value.data : null))
  const counts = computed(() => datasets.byId.get(draft.value.dataset)?.info.counts ?? null)

  /** By field, such as `batch_size` or `optimizer.beta1`. */
  const problems = computed<ReadonlyMap<string, FormProblem>>(() => {
    if (parsed.value.success) return crossProblems(parsed.value.data, counts.value)
    return new Map([...epochProblems(draft.value.epochs), ...problemsOf(parsed.value.error.issues)])
  })
  const valid = computed(() => config.value !== null && problems.value.size === 0)

  function setOptimizer(type: OptimizerType): void {
    const { optimizer: before, learning_rate: rate } = draft.value
    if (rate === usualRates[before]) draft.value.learning_rate = usualRates[type]
    draft.value.optimizer = type
    draft.value.optimizerFields = fieldsOf(optimizerSchema.parse({ type }))
  }

  function setSchedule(type: ScheduleConfig['type']): void {
    draft.value.schedule = type
    draft.value.scheduleFields = fieldsOf(scheduleSchema.parse({ type }))
  }

  function setLoss(type: LossConfig['type']): void {
    draft.value.loss = type
    draft.value.lossFields = fieldsOf(lossSchema.parse({ type }))
  }

  function rollSeed(): void {
    draft.value.seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1
  }

  function reset(): void {
    draft.value = defaultDraft()
  }

  function fill(from: RunConfig): void {
    draft.value = toDraft(from)
  }

  return { draft, config, counts, problems, valid, setOptimizer, setSchedule, setLoss, rollSeed, reset, fill }
}

/** The settings of the next run: kept between starts. */
const useNextRun = defineStore('training-form', () => {
  const draft = useLocalStorage<Draft>('convscope.training', defaultDraft(), {
    serializer: { read: readDraft, write: JSON.stringify },
  })
  return createForm(draft)
})

export type TrainingForm = UnwrapNestedRefs<ReturnType<typeof createForm>>
const formKey: InjectionKey<TrainingForm> = Symbol('training-form')

/** What the settings form is about: a run that a component around it has said, else the next one. */
export function useTrainingForm(): TrainingForm {
  return (hasInjectionContext() ? inject(formKey, null) : null) ?? useNextRun()
}

/** Makes the settings form inside this component be about a run that has `config`. */
export function provideTrainingForm(config: RunConfig): TrainingForm {
  const form = reactive(createForm(ref(toDraft(config))))
  provide(formKey, form)
  return form
}
