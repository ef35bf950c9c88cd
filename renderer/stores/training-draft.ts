import type { DatasetId } from '../../shared/data/dataset'
import {
  runConfigSchema,
  type CheckpointRules,
  type EarlyStopping,
  type EngineChoice,
  type LossConfig,
  type OptimizerType,
  type RunConfig,
  type ScheduleConfig,
} from '../../shared/training/config'

type Fields = Record<string, number | null>

export const classWeightChoices = ['equal', 'balanced', 'own'] as const
export type ClassWeightChoice = (typeof classWeightChoices)[number]

/** What is in the form right now. Null is a number field without a number; what is switched off keeps its numbers. */
export interface Draft {
  dataset: DatasetId
  epochs: number | null
  batch_size: number | null
  optimizer: OptimizerType
  optimizerFields: Fields
  learning_rate: number | null
  schedule: ScheduleConfig['type']
  scheduleFields: Fields
  warmup_steps: number | null
  loss: LossConfig['type']
  lossFields: Fields
  seed: number | null
  validation_split: number | null
  limited: boolean
  limit: number | null
  shuffle: boolean
  init: RunConfig['init']
  engine: EngineChoice
  stopsEarly: boolean
  stopping: Pick<EarlyStopping, 'monitor' | 'restore_best'> & { patience: number | null; min_delta: number | null }
  clips: boolean
  clip_norm: number | null
  classWeights: ClassWeightChoice
  /** By class; 1 for those that are not there. */
  ownWeights: (number | null)[]
  histograms: boolean
  checkpoint: Pick<CheckpointRules, 'keep_best' | 'keep_epochs'> & { keep_last: number | null }
  everySteps: boolean
  every_steps: number | null
  everySeconds: boolean
  every_seconds: number | null
}

const firstLimit = 12_000
const firstClipNorm = 1
const firstEverySteps = 1000
const firstEverySeconds = 60

export function toDraft(config: RunConfig): Draft {
  const { early_stopping, class_weights, clip_norm, checkpoint, ...rest } = config
  const { every_steps, every_seconds, ...kept } = checkpoint
  return {
    ...rest,
    optimizer: config.optimizer.type,
    optimizerFields: fieldsOf(config.optimizer),
    schedule: config.schedule.type,
    scheduleFields: fieldsOf(config.schedule),
    loss: config.loss.type,
    lossFields: fieldsOf(config.loss),
    limited: config.limit !== null,
    limit: config.limit ?? firstLimit,
    stopsEarly: early_stopping !== null,
    stopping: early_stopping ?? firstStopping(),
    clips: clip_norm !== null,
    clip_norm: clip_norm ?? firstClipNorm,
    classWeights: class_weights === null ? 'equal' : class_weights === 'balanced' ? 'balanced' : 'own',
    ownWeights: Array.isArray(class_weights) ? [...class_weights] : [],
    checkpoint: kept,
    everySteps: every_steps !== null,
    every_steps: every_steps ?? firstEverySteps,
    everySeconds: every_seconds !== null,
    every_seconds: every_seconds ?? firstEverySeconds,
  }
}

function firstStopping(): EarlyStopping {
  return { monitor: 'loss', patience: 5, min_delta: 0, restore_best: true }
}

export function defaultDraft(): Draft {
  return toDraft(runConfigSchema.parse({}))
}

/** What the schema checks. `classes` is how many the data set has; own weights are given for each of them. */
export function toInput(draft: Draft, classes: number): Record<keyof RunConfig, unknown> {
  return {
    dataset: draft.dataset,
    epochs: draft.epochs,
    batch_size: draft.batch_size,
    optimizer: { type: draft.optimizer, ...draft.optimizerFields },
    learning_rate: draft.learning_rate,
    schedule: { type: draft.schedule, ...draft.scheduleFields },
    warmup_steps: draft.warmup_steps,
    loss: { type: draft.loss, ...draft.lossFields },
    seed: draft.seed,
    validation_split: draft.validation_split,
    limit: orNull(draft.limited, draft.limit),
    shuffle: draft.shuffle,
    init: draft.init,
    engine: draft.engine,
    early_stopping: draft.stopsEarly ? draft.stopping : null,
    clip_norm: orNull(draft.clips, draft.clip_norm),
    class_weights: classWeightsOf(draft, classes),
    histograms: draft.histograms,
    checkpoint: {
      ...draft.checkpoint,
      every_steps: orNull(draft.everySteps, draft.every_steps),
      every_seconds: orNull(draft.everySeconds, draft.every_seconds),
    },
  }
}

function classWeightsOf({ classWeights, ownWeights, loss }: Draft, classes: number): unknown {
  // Only cross-entropy takes them; the form shows them with no other loss.
  if (classWeights === 'equal' || loss !== 'cross-entropy') return null
  if (classWeights === 'balanced') return 'balanced'
  return Array.from({ length: classes }, (_, at) => {
    const weight = ownWeights[at]
    return weight === undefined ? 1 : (weight ?? NaN)
  })
}

/** NaN where a number is missing, as null stands for a setting that is off. */
function orNull(on: boolean, value: number | null): number | null {
  return on ? (value ?? NaN) : null
}

export function fieldsOf(config: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

/** The kept draft; defaults where it is from another version or was left with a wrong value. */
export function readDraft(text: string): Draft {
  try {
    const kept = { ...defaultDraft(), ...(JSON.parse(text) as Draft) }
    const parsed = runConfigSchema.safeParse(toInput(kept, Math.max(1, kept.ownWeights.length)))
    return parsed.success ? kept : defaultDraft()
  } catch {
    return defaultDraft()
  }
}
