import type { Ops } from '../../../../shared/ops/ops'
import { elu, gelu, leakyRelu, prelu, relu, sigmoid, silu, softmax, tanh } from './ops/activations'
import { avgPool } from './ops/avg-pool'
import { adaptiveAvgPool, resize } from './ops/axis-map'
import { batchNormEvaluation, batchNormTraining, type RunningStatistics } from './ops/batch-norm'
import { biasAdd } from './ops/bias-add'
import { conv2d } from './ops/conv2d'
import { convTranspose2d } from './ops/conv-transpose2d'
import { depthwiseConv2d, isDepthwise } from './ops/depthwise-conv2d'
import { dropout } from './ops/dropout'
import { matMul } from './ops/mat-mul'
import { maxPool } from './ops/max-pool'
import { addAll, concatenate, multiply } from './ops/merge'
import { groupNorm, layerNorm } from './ops/normalization'
import { flatten, reshape, zeroPad } from './ops/reshape'
import type { Tape, Value } from './tape'

/** What one training-mode pass through the network needs besides its inputs. */
export interface TrainingPass {
  readonly seed: readonly [number, number]
  /** Called once for each BatchNorm with the value of its running mean and what both statistics become. */
  onStatistics(weights: { runningMean: Value; runningVar: Value }, next: RunningStatistics): void
}

/** The operations on tfjs tensors. In evaluation mode `training` is null. */
export function createEagerOps(tape: Tape, training: TrainingPass | null): Ops<Value> {
  return {
    conv2d(x, kernel, options) {
      const convolution = isDepthwise(x, options) ? depthwiseConv2d : conv2d
      return convolution(tape, x, kernel, options)
    },
    convTranspose2d: (x, kernel, options) => convTranspose2d(tape, x, kernel, options),
    biasAdd: (x, bias) => biasAdd(tape, x, bias),
    matMul: (x, w) => matMul(tape, x, w),
    batchNorm(x, weights, options) {
      if (!training) return batchNormEvaluation(tape, x, weights, options.eps)
      return batchNormTraining(tape, x, weights, options, (next) => training.onStatistics(weights, next))
    },
    layerNorm: (x, weights, options) => layerNorm(tape, x, weights, options),
    groupNorm: (x, weights, options) => groupNorm(tape, x, weights, options),

    relu: (x) => relu(tape, x),
    leakyRelu: (x, { slope }) => leakyRelu(tape, x, slope),
    prelu: (x, slope) => prelu(tape, x, slope),
    elu: (x, { alpha }) => elu(tape, x, alpha),
    gelu: (x, { approximate }) => gelu(tape, x, approximate),
    silu: (x) => silu(tape, x),
    sigmoid: (x) => sigmoid(tape, x),
    tanh: (x) => tanh(tape, x),
    softmax: (x) => softmax(tape, x),

    maxPool: (x, options) => maxPool(tape, x, options),
    avgPool: (x, options) => avgPool(tape, x, options),
    adaptiveAvgPool: (x, { size }) => adaptiveAvgPool(tape, x, size),
    resize: (x, options) => resize(tape, x, options),
    zeroPad: (x, sides) => zeroPad(tape, x, sides),

    flatten: (x) => flatten(tape, x),
    reshape: (x, shape) => reshape(tape, x, shape),

    add: (terms) => addAll(tape, terms),
    concatenate: (parts) => concatenate(tape, parts),
    multiply: (a, b) => multiply(tape, a, b),

    dropout: (x, options) => (training && options.rate > 0 ? dropout(tape, x, options, training.seed) : x),
  }
}
