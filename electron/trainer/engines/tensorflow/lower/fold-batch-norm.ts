import type { BatchNormOptions, Conv2dOptions } from '../../../../../shared/ops/ops'
import type { GraphBuilder, Out } from '../graph/graph'
import { add, concatenate, matMul, maximum, multiply, pad, reshape, slice, subtract, sum, unary } from '../graph/math'
import { exactly, need, type Gradients, type Lowering, type LoweringContext } from './context'
import { windowStatistics, type WindowStatistics } from './window-statistics'

/** The convolution's kernel as a matrix and BatchNorm's vectors, with defaults where the layer is not affine. */
interface Folding {
  /** `[k, out]`, k the values of a window */
  readonly kernel: Out
  readonly scale: Out
  readonly shift: Out
  readonly bias: Out | undefined
}

/** Kernel and shift that do what convolution, bias and BatchNorm do together; see the rewrite of the same name. */
export const lowerFoldBatchNorm: Lowering<'foldBatchNorm'> = (context, { options, convolution }) => {
  const { graph, mode, operands } = context
  const kernel = need(context, 'kernel').out
  const [kh = 1, kw = 1, inputs = 1, outputs = 1] = kernel.dims
  const folding: Folding = {
    kernel: reshape(graph, kernel, [kh * kw * inputs, outputs]),
    scale: operands['scale']?.out ?? graph.filled(outputs, 1),
    shift: operands['shift']?.out ?? graph.filled(outputs, 0),
    bias: operands['bias']?.out,
  }
  return mode === 'train'
    ? foldBatchStatistics(context, folding, options, convolution)
    : foldRunningStatistics(context, folding, options)
}

function foldRunningStatistics(context: LoweringContext, folding: Folding, options: BatchNormOptions) {
  const { graph } = context
  const mean = need(context, 'runningMean').out
  const inverse = inverseDeviation(graph, need(context, 'runningVar').out, options.eps)
  const centre = folding.bias ? subtract(graph, mean, folding.bias) : mean
  return { value: exactly(pack(graph, folding, centre, multiply(graph, folding.scale, inverse))), backward: null }
}

function foldBatchStatistics(
  context: LoweringContext,
  folding: Folding,
  options: BatchNormOptions,
  convolution: Conv2dOptions,
) {
  const { graph } = context
  const { kernel, scale } = folding
  const kernelDims = need(context, 'kernel').out.dims
  const windows = windowStatistics(graph, need(context, 'x').out, kernelDims, convolution)
  const mean = rowTimes(graph, windows.mean, kernel)
  const spread = matMul(graph, windows.covariance, kernel)
  const variance = maximum(graph, sum(graph, multiply(graph, kernel, spread), [0]), graph.scalar(0))
  const inverse = inverseDeviation(graph, variance, options.eps)
  const factor = multiply(graph, scale, inverse)
  keepRunning(context, options.momentum, { mean, variance, windows, bias: folding.bias })

  /** The chain rule through `kernel · s`, `shift - mean · s`, `s = scale / sqrt(variance + eps)`, mean and variance. */
  function backward(dPacked: Out): Gradients {
    const [rows = 1, outputs = 1] = kernel.dims
    const dKernel = slice(graph, dPacked, [0, 0], [rows, outputs])
    const dShift = reshape(graph, slice(graph, dPacked, [rows, 0], [1, outputs]), [outputs])
    const dFactor = subtract(graph, sum(graph, multiply(graph, dKernel, kernel), [0]), multiply(graph, dShift, mean))
    const cube = multiply(graph, inverse, multiply(graph, inverse, inverse))
    const dVariance = multiply(graph, multiply(graph, multiply(graph, dFactor, scale), cube), graph.scalar(-0.5))
    const dMean = multiply(graph, unary(graph, 'Neg', factor), dShift)
    const direct = multiply(graph, dKernel, factor)
    const throughVariance = multiply(graph, multiply(graph, spread, dVariance), graph.scalar(2))
    const throughMean = multiply(graph, reshape(graph, windows.mean, [rows, 1]), reshape(graph, dMean, [1, outputs]))
    const dMatrix = add(graph, add(graph, direct, throughVariance), throughMean)
    return {
      kernel: reshape(graph, dMatrix, kernelDims),
      scale: context.needsGradient('scale') ? multiply(graph, dFactor, inverse) : undefined,
      shift: context.needsGradient('shift') ? dShift : undefined,
      // A bias before BatchNorm changes nothing that follows.
      bias: folding.bias && graph.filled(outputs, 0),
    }
  }
  return { value: exactly(pack(graph, folding, mean, factor)), backward }
}

/** `[k + 1, out]`: the kernel times `factor`, then `shift - centre · factor`. */
function pack(graph: GraphBuilder, { kernel, shift }: Folding, centre: Out, factor: Out): Out {
  const folded = multiply(graph, kernel, factor)
  const moved = subtract(graph, shift, multiply(graph, centre, factor))
  return concatenate(graph, [folded, reshape(graph, moved, [1, kernel.dims[1] ?? 1])], 0)
}

/** PyTorch's running statistics: the bias counts in the mean, the variance is unbiased. */
function keepRunning(
  context: LoweringContext,
  momentum: number,
  batch: { mean: Out; variance: Out; windows: WindowStatistics; bias: Out | undefined },
): void {
  const { graph } = context
  const blend = (old: Out, fresh: Out) =>
    add(graph, multiply(graph, old, graph.scalar(1 - momentum)), multiply(graph, fresh, graph.scalar(momentum)))
  const mean = batch.bias ? add(graph, batch.mean, batch.bias) : batch.mean
  const unbiased = multiply(graph, batch.variance, batch.windows.unbiasing)
  context.updateWeight('runningMean', blend(need(context, 'runningMean').out, mean))
  context.updateWeight('runningVar', blend(need(context, 'runningVar').out, unbiased))
}

export const lowerFoldedKernel: Lowering<'foldedKernel'> = (context) => {
  const { graph, step } = context
  const packed = need(context, 'x').out
  const [rows = 1, outputs = 1] = packed.dims
  const out = reshape(graph, slice(graph, packed, [0, 0], [rows - 1, outputs]), step.shape)
  const backward = (dy: Out) => ({
    x: pad(graph, reshape(graph, dy, [rows - 1, outputs]), [
      [0, 1],
      [0, 0],
    ]),
  })
  return { value: exactly(out), backward }
}

export const lowerFoldedShift: Lowering<'foldedShift'> = (context) => {
  const { graph } = context
  const packed = need(context, 'x').out
  const [rows = 1, outputs = 1] = packed.dims
  const out = reshape(graph, slice(graph, packed, [rows - 1, 0], [1, outputs]), [outputs])
  const backward = (dy: Out) => ({
    x: pad(graph, reshape(graph, dy, [1, outputs]), [
      [rows - 1, 0],
      [0, 0],
    ]),
  })
  return { value: exactly(out), backward }
}

function inverseDeviation(graph: GraphBuilder, variance: Out, eps: number): Out {
  return unary(graph, 'Rsqrt', add(graph, variance, graph.scalar(eps)))
}

/** `row [k] · matrix [k, n]` as `[n]`: small, so a product and a sum. */
function rowTimes(graph: GraphBuilder, row: Out, matrix: Out): Out {
  const [rows = 1] = matrix.dims
  return sum(graph, multiply(graph, reshape(graph, row, [rows, 1]), matrix), [0])
}
