import type { OptimizerConfig, RunConfig } from '../training/config'
import { call, changed, code } from './python'

const coupledName = 'CoupledDecay'

/**
 * Keras' own weight_decay is AdamW's; PyTorch's other optimizers add it to the gradient, after clipping. Null where Keras has
 * what is needed.
 */
export function coupledDecay({ optimizer: config, clip_norm: clip }: RunConfig): string | null {
  if (!isCoupled(config)) return null
  const clipping = `
        norm = keras.ops.sqrt(sum(keras.ops.sum(g * g) for g in grads))
        share = keras.ops.minimum(1.0, CLIP_NORM / (norm + 1e-6))
        grads = [g * share for g in grads]`
  return `class ${coupledName}(${optimizerClass(config)}):
    """Adds weight decay to the gradients, as torch.optim does."""

    def apply(self, grads, trainable_variables=None):
        variables = trainable_variables or self._trainable_variables${clip === null ? '' : clipping}
        grads = [g + ${config.weight_decay} * v for g, v in zip(grads, variables)]
        return super().apply(grads, trainable_variables)`
}

function isCoupled(config: OptimizerConfig): boolean {
  return config.type !== 'adamw' && config.weight_decay > 0
}

function optimizerClass({ type }: OptimizerConfig): string {
  const names = { sgd: 'SGD', momentum: 'SGD', nesterov: 'SGD', adam: 'Adam', adamw: 'AdamW', rmsprop: 'RMSprop' }
  return `keras.optimizers.${names[type]}`
}

/** As keras.optimizers names it, with the rate `rate`. */
export function optimizer({ optimizer: config, clip_norm }: RunConfig): string {
  const callee = isCoupled(config) ? coupledName : optimizerClass(config)
  const rate = [code('rate')]
  // Where decay is added by hand the gradients are clipped there, before it.
  const clip = clip_norm === null || isCoupled(config) ? {} : { global_clipnorm: code('CLIP_NORM') }
  switch (config.type) {
    case 'sgd':
      return call(callee, rate, clip)
    case 'momentum':
      return call(callee, rate, { momentum: config.momentum, ...clip })
    case 'nesterov':
      return call(callee, rate, { momentum: config.momentum, nesterov: true, ...clip })
    case 'adam':
    case 'adamw': {
      const { beta1: beta_1, beta2: beta_2, eps: epsilon } = config
      const chosen = changed({ beta_1, beta_2, epsilon }, { beta_1: 0.9, beta_2: 0.999 })
      return call(callee, rate, {
        ...chosen,
        ...(config.type === 'adamw' ? { weight_decay: config.weight_decay } : {}),
        ...clip,
      })
    }
    case 'rmsprop':
      return call(callee, rate, { rho: config.alpha, epsilon: config.eps, ...clip })
  }
}
