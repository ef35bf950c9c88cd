import type { OptimizerConfig } from '../../../../../shared/training/config'
import type { GraphBuilder, Out } from '../graph/graph'
import { add, multiply } from '../graph/math'
import { addVariable, type Variable } from '../variables'

/**
 * What a step is fed, as one vector: learning rate, beta1 and beta2 to the power of the step, Adam's epsilon as TensorFlow
 * takes it. The powers come from the step's number each time, so that they never drift.
 */
export const hyperparameterCount = 4

export function hyperparameters(config: OptimizerConfig, learningRate: number, step: number): Float32Array {
  if (config.type === 'rmsprop') return new Float32Array([learningRate, 0, 0, config.eps])
  if (config.type !== 'adam' && config.type !== 'adamw') return new Float32Array([learningRate, 0, 0, 0])
  const power1 = config.beta1 ** step
  const power2 = config.beta2 ** step
  // PyTorch adds eps to sqrt(v / (1 - beta2^t)), TensorFlow to sqrt(v); scaled, they are the same.
  return new Float32Array([learningRate, power1, power2, config.eps * Math.sqrt(1 - power2)])
}

export interface Hyperparameters {
  readonly learningRate: Out
  readonly power1: Out
  readonly power2: Out
  readonly epsilon: Out
}

/** PyTorch's names of the values an optimizer keeps for each weight. */
export function slotNames(config: OptimizerConfig): readonly string[] {
  switch (config.type) {
    case 'sgd':
      return []
    case 'momentum':
    case 'nesterov':
      return ['momentum_buffer']
    case 'adam':
    case 'adamw':
      return ['exp_avg', 'exp_avg_sq']
    case 'rmsprop':
      return ['square_avg']
  }
}

export interface OptimizedWeight {
  readonly slots: ReadonlyMap<string, Variable>
  /** Room that the fused op needs and whose values mean nothing; start it at zero. */
  readonly scratch: readonly Variable[]
  /** The node that changes the weight; it waits for `after`. */
  apply(after: readonly string[]): string
}

const options = { T: { type: 'float32' }, use_locking: { bool: false } } as const

/** One fused op a weight. `gradient` has the weight's dims. */
export function optimizeWeight(
  graph: GraphBuilder,
  config: OptimizerConfig,
  weight: Variable,
  gradient: Out,
  hyper: Hyperparameters,
): OptimizedWeight {
  const slots = new Map(
    slotNames(config).map((slot) => [slot, addVariable(graph, `${weight.name}.${slot}`, weight.dims)]),
  )
  const unusedMean = config.type === 'rmsprop' ? addVariable(graph, `${weight.name}.unused_mean`, weight.dims) : null
  function slot(name: string): Out {
    const variable = slots.get(name)
    if (!variable) throw new RangeError(`no slot ${name}`)
    return variable.handle
  }
  const decay = config.weight_decay
  const { learningRate, power1, power2, epsilon } = hyper
  // L2 adds to the gradient; AdamW shrinks the weight instead.
  const pulled =
    decay === 0 || config.type === 'adamw'
      ? gradient
      : add(graph, gradient, multiply(graph, weight.value, graph.scalar(decay)))
  function apply(after: readonly string[]): string {
    switch (config.type) {
      case 'sgd':
        return graph.act('ResourceApplyGradientDescent', [weight.handle, learningRate, pulled], options, after)
      case 'momentum':
      case 'nesterov':
        return graph.act(
          'ResourceApplyMomentum',
          [weight.handle, slot('momentum_buffer'), learningRate, pulled, graph.scalar(config.momentum)],
          { ...options, use_nesterov: { bool: config.type === 'nesterov' } },
          after,
        )
      case 'adam':
        return applyAdam(config.beta1, config.beta2, slot('exp_avg'), slot('exp_avg_sq'), after)
      case 'adamw':
        return applyAdam(config.beta1, config.beta2, slot('exp_avg'), slot('exp_avg_sq'), shrunk(after))
      case 'rmsprop':
        return applyRmsProp(config.alpha, after)
    }
  }
  function applyAdam(beta1: number, beta2: number, m: Out, v: Out, after: readonly string[]): string {
    const factors = [graph.scalar(beta1), graph.scalar(beta2), epsilon]
    const inputs = [weight.handle, m, v, power1, power2, learningRate, ...factors, pulled]
    return graph.act('ResourceApplyAdam', inputs, { ...options, use_nesterov: { bool: false } }, after)
  }
  /**
   * RMSprop is Adam without a mean (beta1 = 0) and without correction (powers of 0); TensorFlow's own RMSprop puts eps
   * under the root, PyTorch's does not.
   */
  function applyRmsProp(alpha: number, after: readonly string[]): string {
    const zero = graph.scalar(0)
    if (!unusedMean) throw new RangeError('RMSprop needs room for a mean')
    const inputs = [weight.handle, unusedMean.handle, slot('square_avg'), zero, zero, learningRate]
    const factors = [zero, graph.scalar(alpha), epsilon, pulled]
    // By Nesterov's rule the step is made of the gradient itself. Without it it is made of m + (gradient - m), whose rounding
    // depends on m: a run that goes on from a checkpoint, where m is 0, would part from the uninterrupted one.
    return graph.act('ResourceApplyAdam', [...inputs, ...factors], { ...options, use_nesterov: { bool: true } }, after)
  }
  function shrunk(after: readonly string[]): string[] {
    const rate = multiply(graph, learningRate, graph.scalar(decay))
    const loss = multiply(graph, weight.value, rate)
    return [graph.act('AssignSubVariableOp', [weight.handle, loss], { dtype: { type: 'float32' } }, after)]
  }
  return { slots, scratch: unusedMean ? [unusedMean] : [], apply }
}
