import { z } from 'zod'
import type { EarlyStopping, ScheduleConfig } from './config'
import type { EpochResult, Score } from './state'

/**
 * What a run remembers from step to step besides weights and optimizer slots. Kept in every checkpoint, so that a run goes on
 * as if nothing had happened. The order of the pictures and the random masks follow from seed, epoch and step.
 */
export const loopStateSchema = z.strictObject({
  /** Sums over the steps of the epoch that is not complete: loss times pictures, right answers, seconds of training. */
  epoch: z.strictObject({ loss: z.number(), correct: z.number(), seconds: z.number() }),
  /** Of the plateau schedule: lowest loss so far, epochs since it fell, and how often the rate was reduced. */
  plateau: z.strictObject({ best: z.number().nullable(), waited: z.int(), reductions: z.int() }),
  /** Of early stopping: best value so far and the epochs since then. */
  stopping: z.strictObject({ best: z.number().nullable(), waited: z.int() }),
  /** The best epoch so far, by what early stopping watches, else by the loss. */
  best: z.strictObject({ epoch: z.int(), value: z.number() }).nullable(),
  /** Early stopping has ended the training; only the test is left. */
  stoppedEarly: z.boolean(),
  /** Place of the state of data augmentation. */
  augmentation: z.null(),
})
export type LoopState = z.infer<typeof loopStateSchema>

export const initialLoopState: LoopState = {
  epoch: { loss: 0, correct: 0, seconds: 0 },
  plateau: { best: null, waited: 0, reductions: 0 },
  stopping: { best: null, waited: 0 },
  best: null,
  stoppedEarly: false,
  augmentation: null,
}

/** Goes on after the end that early stopping made. */
export function continueLoop(state: LoopState): LoopState {
  return { ...state, stopping: { ...state.stopping, waited: 0 }, stoppedEarly: false }
}

/** The state after a complete epoch. */
export function epochDone(
  state: LoopState,
  result: EpochResult,
  config: { readonly schedule: ScheduleConfig; readonly early_stopping: EarlyStopping | null },
): LoopState {
  const score = result.validation ?? result.train
  const rule = config.early_stopping
  const stopping = rule === null ? state.stopping : watch(state.stopping, score, rule)
  const value = rule?.monitor === 'accuracy' ? score.accuracy : score.loss
  // What early stopping counts as a gain is what makes an epoch the best, as in Keras.
  const isBest = rule === null ? value < (state.best?.value ?? Infinity) : stopping.waited === 0
  return {
    ...state,
    epoch: initialLoopState.epoch,
    plateau:
      config.schedule.type === 'plateau' ? reduceOnPlateau(state.plateau, score.loss, config.schedule) : state.plateau,
    stopping,
    best: isBest ? { epoch: result.epoch, value } : state.best,
    stoppedEarly: rule !== null && stopping.waited >= rule.patience,
  }
}

/** As keras.callbacks.EarlyStopping. */
function watch(state: LoopState['stopping'], score: Score, rule: EarlyStopping): LoopState['stopping'] {
  const { best } = state
  const value = rule.monitor === 'accuracy' ? score.accuracy : score.loss
  const gain = best === null ? Infinity : rule.monitor === 'accuracy' ? value - best : best - value
  return gain > rule.min_delta ? { best: value, waited: 0 } : { best, waited: state.waited + 1 }
}

/** As torch.optim.lr_scheduler.ReduceLROnPlateau with a relative threshold and no cool-down. */
function reduceOnPlateau(
  state: LoopState['plateau'],
  loss: number,
  { patience, threshold }: Extract<ScheduleConfig, { type: 'plateau' }>,
): LoopState['plateau'] {
  const { best, waited, reductions } = state
  if (best === null || loss < best * (1 - threshold)) return { best: loss, waited: 0, reductions }
  if (waited + 1 > patience) return { best, waited: 0, reductions: reductions + 1 }
  return { best, waited: waited + 1, reductions }
}
