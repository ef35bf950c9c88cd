import type { Attr, Out } from '../graph/graph'
import { add, multiply, subtract, unary } from '../graph/math'
import { firstOfLast, need, padLast, type Gradients, type Lowering, type LoweringContext } from './context'

const dtypes = { T: { type: 'float32' }, U: { type: 'float32' } } as const

/**
 * FusedBatchNormV3 does all of it in one op: batch statistics, normalisation and the running statistics, whose variance
 * it takes unbiased as PyTorch does. The bias that a convolution left to us only moves the mean.
 */
export const lowerBatchNorm: Lowering<'batchNorm'> = (context, { options }) => {
  const { graph, mode } = context
  const x = need(context, 'x')
  const width = x.out.dims.at(-1) ?? x.channels
  const wide = (out: Out) => padLast(graph, out, width)
  const scale = wide(context.operands['scale']?.out ?? graph.filled(x.channels, 1))
  const shift = wide(context.operands['shift']?.out ?? graph.filled(x.channels, 0))
  const bias = context.operands['bias']?.out
  const runningMean = need(context, 'runningMean').out
  const mean = wide(bias ? subtract(graph, runningMean, bias) : runningMean)
  const variance = wide(need(context, 'runningVar').out)
  const attrs: Record<string, Attr> = {
    ...dtypes,
    epsilon: { float: options.eps },
    is_training: { bool: mode === 'train' },
    ...(mode === 'train' && { exponential_avg_factor: { float: options.momentum } }),
  }
  const vector = { dims: [width] }
  const outputs = [{ dims: x.out.dims }, vector, vector, vector, vector, { dims: [-1] }]
  const [y, newMean, newVariance, ...saved] = graph.addMany(
    'FusedBatchNormV3',
    [x.out, scale, shift, mean, variance],
    attrs,
    outputs,
  )
  if (!y || !newMean || !newVariance) throw new RangeError('FusedBatchNormV3 gives six outputs')
  const value = { out: y, channels: x.channels }
  if (mode === 'evaluate') {
    const spread = unary(graph, 'Rsqrt', add(graph, variance, graph.scalar(options.eps)))
    return { value, backward: (dy) => ({ x: multiply(graph, dy, multiply(graph, scale, spread)) }) }
  }
  storeStatistics(context, newMean, newVariance, bias, x.channels)
  function backward(dy: Out): Gradients {
    const [dx, dScale, dShift] = graph.addMany(
      'FusedBatchNormGradV3',
      [dy, x.out, scale, ...saved],
      { ...dtypes, epsilon: { float: options.eps }, is_training: { bool: true } },
      [{ dims: x.out.dims }, vector, vector, { dims: [-1] }, { dims: [-1] }],
    )
    const narrow = (out: Out | undefined) => out && firstOfLast(graph, out, x.channels)
    // The sum over a batch of what BatchNorm passes back is zero, so this is the bias's exact gradient.
    const dBias = bias && graph.filled(x.channels, 0)
    return { x: dx, scale: narrow(dScale), shift: narrow(dShift), bias: dBias }
  }
  return { value, backward }
}

function storeStatistics(
  context: LoweringContext,
  mean: Out,
  variance: Out,
  bias: Out | undefined,
  channels: number,
): void {
  const { graph } = context
  const narrow = firstOfLast(graph, mean, channels)
  context.updateWeight('runningMean', bias ? add(graph, narrow, bias) : narrow)
  context.updateWeight('runningVar', firstOfLast(graph, variance, channels))
}
