import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { DatasetId } from '../../shared/data/dataset'
import {
  lossSchema,
  optimizerSchema,
  runConfigSchema,
  scheduleSchema,
  type CheckpointRules,
  type ClassWeights,
  type EarlyStopping,
  type EngineChoice,
  type LossConfig,
  type OptimizerType,
  type RunConfig,
  type ScheduleConfig,
} from '../../shared/training/config'
import { crossProblems, ruleOf, type FormProblem } from '../features/training/rules'
import { useDatasets } from './datasets'

type Fields = Record<string, number | null>

/** What is in the form right now. Null is a number field without a number. */
export interface Draft {
  dataset: DatasetId
  epochs: number | null
  batch_size: number | null
  optimizer: OptimizerType
  optimizerFields: Fields
  learning_rate: number | null
  schedule: ScheduleConfig['type']
  scheduleFields: Fields
  loss: LossConfig['type']
  lossFields: Fields
  seed: number | null
  validation_split: number | null
  limited: boolean
  limit: number | null
  shuffle: boolean
  init: RunConfig['init']
  engine: EngineChoice
  warmup_steps: number | null
  early_stopping: EarlyStopping | null
  clip_norm: number | null
  class_weights: ClassWeights
  histograms: boolean
  checkpoint: CheckpointRules
}

/** Good first rates; changed along with the optimizer as long as the person has not set their own. */
export const usualRates: Readonly<Record<OptimizerType, number>> = {
  sgd: 0.1,
  momentum: 0.01,
  nesterov: 0.01,
  adam: 1e-3,
  adamw: 1e-3,
  rmsprop: 1e-3,
}

const firstLimit = 12_000

export function toDraft(config: RunConfig): Draft {
  return {
    ...config,
    optimizer: config.optimizer.type,
    optimizerFields: fieldsOf(config.optimizer),
    schedule: config.schedule.type,
    scheduleFields: fieldsOf(config.schedule),
    loss: config.loss.type,
    lossFields: fieldsOf(config.loss),
    limited: config.limit !== null,
    limit: config.limit ?? firstLimit,
  }
}

export function defaultDraft(): Draft {
  return toDraft(runConfigSchema.parse({}))
}

/** The settings of the next run: kept between starts, checked as they are typed. */
export const useTrainingForm = defineStore('training-form', () => {
  const datasets = useDatasets()
  const draft = useLocalStorage<Draft>('convscope.training', defaultDraft(), {
    serializer: { read: readDraft, write: JSON.stringify },
  })
  const parsed = computed(() => runConfigSchema.safeParse(toInput(draft.value)))
  const config = computed(() => (parsed.value.success ? parsed.value.data : null))
  const counts = computed(() => datasets.byId.get(draft.value.dataset)?.info.counts ?? null)

  /** By field, such as `batch_size` or `optimizer.beta1`. */
  const problems = computed<ReadonlyMap<string, FormProblem>>(() => {
    if (parsed.value.success) return crossProblems(parsed.value.data, counts.value)
    return new Map(parsed.value.error.issues.map((issue) => [issue.path.join('.'), ruleOf(issue)]))
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
})

function toInput(draft: Draft): Record<keyof RunConfig, unknown> {
  return {
    dataset: draft.dataset,
    epochs: draft.epochs,
    batch_size: draft.batch_size,
    optimizer: { type: draft.optimizer, ...draft.optimizerFields },
    learning_rate: draft.learning_rate,
    schedule: { type: draft.schedule, ...draft.scheduleFields },
    loss: { type: draft.loss, ...draft.lossFields },
    seed: draft.seed,
    validation_split: draft.validation_split,
    // NaN, as null stands for all pictures.
    limit: draft.limited ? (draft.limit ?? NaN) : null,
    shuffle: draft.shuffle,
    init: draft.init,
    engine: draft.engine,
    warmup_steps: draft.warmup_steps,
    early_stopping: draft.early_stopping,
    clip_norm: draft.clip_norm,
    class_weights: draft.class_weights,
    histograms: draft.histograms,
    checkpoint: draft.checkpoint,
  }
}

function fieldsOf(config: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

/** The kept draft; defaults where it is from another version or was left with a wrong value. */
function readDraft(text: string): Draft {
  try {
    const kept = JSON.parse(text) as Draft
    const parsed = runConfigSchema.safeParse(toInput(kept))
    return parsed.success ? { ...toDraft(parsed.data), limit: kept.limit } : defaultDraft()
  } catch {
    return defaultDraft()
  }
}
