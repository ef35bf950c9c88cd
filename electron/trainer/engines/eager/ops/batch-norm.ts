import { add, div, mul, reshape, rsqrt, square, sub, sum, zerosLike, type Tensor } from '@tensorflow/tfjs-core'
import type { BatchNormOptions, BatchNormWeights } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'

export interface RunningStatistics {
  readonly mean: Tensor
  readonly variance: Tensor
}

/** With the batch's own statistics. `update` gets the running statistics after this batch. Ioffe and Szegedy 2015. */
export function batchNormTraining(
  tape: Tape,
  x: Value,
  weights: BatchNormWeights<Value>,
  { eps, momentum }: BatchNormOptions,
  update: (statistics: RunningStatistics) => void,
): Value {
  // A bias is taken out again with the mean: without it the sums are shorter and its gradient exactly zero. Computed, that
  // gradient is rounding noise, which Adam would blow up to whole steps.
  const source = x.sum?.x ?? x
  const bias = x.sum?.bias ?? null
  const shape = source.tensor.shape
  const channels = shape.at(-1) ?? 1
  const count = source.tensor.size / channels
  const rows = reshape(source.tensor, [count, channels])
  const mean = div(sum(rows, 0), count)
  const centred = sub(rows, mean)
  const variance = div(sum(square(centred), 0), count)
  const inverse = rsqrt(add(variance, eps))
  const factor = weights.scale ? mul(inverse, weights.scale.tensor) : inverse
  const scaled = mul(centred, factor)
  const y = weights.shift ? add(scaled, weights.shift.tensor) : scaled

  // One value per channel has no unbiased variance; PyTorch refuses it, we keep a last batch of one picture going.
  const unbiased = mul(variance, count / Math.max(count - 1, 1))
  update({
    mean: moved(weights.runningMean.tensor, bias ? add(mean, bias.tensor) : mean, momentum),
    variance: moved(weights.runningVar.tensor, unbiased, momentum),
  })

  const inputs = [source, weights.scale, weights.shift, bias].filter((input) => input !== null)
  return tape.record(reshape(y, shape), inputs, (dyImage) => {
    const dy = reshape(dyImage, [count, channels])
    const dShift = sum(dy, 0)
    const along = sum(mul(dy, centred), 0)
    const part = div(mul(along, square(inverse)), count)
    const gradients: (Tensor | null)[] = [null]
    if (source.tracked) {
      const dx = mul(sub(sub(dy, div(dShift, count)), mul(centred, part)), factor)
      gradients[0] = reshape(dx, shape)
    }
    if (weights.scale) gradients.push(mul(along, inverse))
    if (weights.shift) gradients.push(dShift)
    if (bias) gradients.push(zerosLike(bias.tensor))
    return gradients
  })
}

/** With the running statistics. Evaluation only: no gradient passes to the weights. */
export function batchNormEvaluation(tape: Tape, x: Value, weights: BatchNormWeights<Value>, eps: number): Value {
  const inverse = rsqrt(add(weights.runningVar.tensor, eps))
  const factor = weights.scale ? mul(inverse, weights.scale.tensor) : inverse
  const scaled = mul(sub(x.tensor, weights.runningMean.tensor), factor)
  return tape.record(weights.shift ? add(scaled, weights.shift.tensor) : scaled, [x], (dy) => [mul(dy, factor)])
}

function moved(running: Tensor, batch: Tensor, momentum: number): Tensor {
  return add(mul(running, 1 - momentum), mul(batch, momentum))
}
