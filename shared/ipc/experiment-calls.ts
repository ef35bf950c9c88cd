import { z } from 'zod'
import { planSchema, type Plan, type PlanValue } from '../experiments/plan'
import { call, gives } from './call'

/** A run of an experiment, and what was varied in it. */
export interface Trial {
  readonly run: string
  /** Place of its combination in the plan; runs that differ in nothing but the seed share it. */
  readonly combination: number
  /** In the order of the plan's parameters. */
  readonly values: readonly PlanValue[]
  readonly seed: number
}

export interface Experiment {
  readonly id: string
  readonly name: string
  readonly plan: Plan
  readonly trials: readonly Trial[]
  /** Unix milliseconds. */
  readonly createdAt: number
}

/** How a run of an experiment did over its epochs; losses in natural units, accuracies as shares of 1. */
export interface TrialResult {
  readonly run: string
  readonly epochs: number
  /** Of validation; null where nothing was kept back. */
  readonly bestLoss: number | null
  readonly bestAccuracy: number | null
  readonly lastLoss: number | null
  readonly lastAccuracy: number | null
}

const experimentRef = z.strictObject({ id: z.uuid() })

export const experimentCalls = {
  /** The newest first. */
  'experiments.list': call(z.undefined(), gives<Experiment[]>()),
  /** Puts all runs of a plan into the queue. Rejects with `invalid-network`, naming the combinations that cannot be trained. */
  'experiments.start': call(planSchema, gives<Experiment>()),
  'experiments.results': call(experimentRef, gives<TrialResult[]>()),
  'experiments.rename': call(z.strictObject({ id: z.uuid(), name: z.string().min(1).max(120) }), gives<Experiment>()),
  /** Takes its runs out of the queue, and stops the one that trains. */
  'experiments.stop': call(experimentRef, gives<undefined>()),
  /** Puts its failed runs into the queue once more. */
  'experiments.retry': call(experimentRef, gives<Experiment>()),
  /** Forgets the experiment; its runs are kept, but for those that have not begun. */
  'experiments.delete': call(experimentRef, gives<undefined>()),
} as const

export interface ExperimentEvents {
  readonly 'experiment.changed': Experiment
}
