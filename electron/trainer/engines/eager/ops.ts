import type { Ops } from '../../../../shared/ops/ops'
import { batchNormEvaluation, batchNormTraining, type RunningStatistics } from './ops/batch-norm'
import { biasAdd } from './ops/bias-add'
import { conv2d } from './ops/conv2d'
import { matMul } from './ops/mat-mul'
import { maxPool } from './ops/max-pool'
import { dropout, flatten, relu } from './ops/pointwise'
import { constant, type Tape, type Value } from './tape'

/** What one training-mode pass through the network needs besides its inputs. */
export interface TrainingPass {
  readonly seed: readonly [number, number]
  /** Called once for each BatchNorm with the value of its running mean and what both statistics become. */
  onStatistics(weights: { runningMean: Value; runningVar: Value }, next: RunningStatistics): void
}

/** The operations on tfjs tensors. In evaluation mode `training` is null. */
export function createEagerOps(tape: Tape, training: TrainingPass | null): Ops<Value> {
  return {
    conv2d: (x, kernel, options) => conv2d(tape, x, kernel, options),
    biasAdd: (x, bias) => biasAdd(tape, x, bias),
    matMul: (x, w) => matMul(tape, x, w),
    batchNorm(x, weights, options) {
      if (!training) return constant(batchNormEvaluation(x.tensor, weights, options.eps))
      return batchNormTraining(tape, x, weights, options, (next) => training.onStatistics(weights, next))
    },
    relu: (x) => relu(tape, x),
    maxPool: (x, options) => maxPool(tape, x, options),
    flatten: (x) => flatten(tape, x),
    dropout(x, { rate, layer }) {
      return training && rate > 0 ? dropout(tape, x, rate, [...training.seed, layer]) : x
    },
  }
}
