import type { OptimizerConfig } from '../../../../shared/training/config'

/** Values that an optimizer keeps for a weight, by PyTorch's name. */
export type Slots = ReadonlyMap<string, Float32Array>

export interface Optimizer {
  /** Names of the slots that each weight has. */
  readonly slotNames: readonly string[]
  /**
   * Changes `weight` and `slots` in place by one step against `gradient`, all of one length. `step` counts from 1.
   * Formulas and their order are those of torch.optim.
   */
  update(weight: Float32Array, gradient: Float32Array, slots: Slots, learningRate: number, step: number): void
}

export function createOptimizer(config: OptimizerConfig): Optimizer {
  switch (config.type) {
    case 'sgd':
      return { slotNames: [], update: sgd(config.weight_decay) }
    case 'momentum':
    case 'nesterov':
      return { slotNames: ['momentum_buffer'], update: momentum(config) }
    case 'adam':
    case 'adamw':
      return { slotNames: ['exp_avg', 'exp_avg_sq'], update: adam(config) }
    case 'rmsprop':
      return { slotNames: ['square_avg'], update: rmsprop(config) }
  }
}

type Update = Optimizer['update']

function sgd(decay: number): Update {
  return (weight, gradient, _slots, rate) => {
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i]!
      weight[i] = w - rate * (gradient[i]! + decay * w)
    }
  }
}

/** torch.optim.SGD. Sutskever et al. 2013. */
function momentum(config: Extract<OptimizerConfig, { type: 'momentum' | 'nesterov' }>): Update {
  const { momentum: kept, weight_decay: decay } = config
  const ahead = config.type === 'nesterov'
  return (weight, gradient, slots, rate) => {
    const buffer = slotOf(slots, 'momentum_buffer')
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i]!
      const g = gradient[i]! + decay * w
      const velocity = kept * buffer[i]! + g
      buffer[i] = velocity
      weight[i] = w - rate * (ahead ? g + kept * velocity : velocity)
    }
  }
}

/** torch.optim.Adam and AdamW. Kingma and Ba 2015; Loshchilov and Hutter 2019. */
function adam(config: Extract<OptimizerConfig, { type: 'adam' | 'adamw' }>): Update {
  const { beta1, beta2, eps, weight_decay: decay } = config
  const decoupled = config.type === 'adamw'
  return (weight, gradient, slots, rate, step) => {
    const average = slotOf(slots, 'exp_avg')
    const squares = slotOf(slots, 'exp_avg_sq')
    const stepSize = rate / (1 - beta1 ** step)
    const correction = Math.sqrt(1 - beta2 ** step)
    const shrink = decoupled ? 1 - rate * decay : 1
    const coupled = decoupled ? 0 : decay
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i]! * shrink
      const g = gradient[i]! + coupled * w
      const m = beta1 * average[i]! + (1 - beta1) * g
      const v = beta2 * squares[i]! + (1 - beta2) * g * g
      average[i] = m
      squares[i] = v
      weight[i] = w - (stepSize * m) / (Math.sqrt(v) / correction + eps)
    }
  }
}

/** torch.optim.RMSprop: eps outside the root. Tieleman and Hinton 2012. */
function rmsprop(config: Extract<OptimizerConfig, { type: 'rmsprop' }>): Update {
  const { alpha, eps, weight_decay: decay } = config
  return (weight, gradient, slots, rate) => {
    const squares = slotOf(slots, 'square_avg')
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i]!
      const g = gradient[i]! + decay * w
      const v = alpha * squares[i]! + (1 - alpha) * g * g
      squares[i] = v
      weight[i] = w - (rate * g) / (Math.sqrt(v) + eps)
    }
  }
}

function slotOf(slots: Slots, name: string): Float32Array {
  const slot = slots.get(name)
  if (!slot) throw new RangeError(`the optimizer has no slot "${name}"`)
  return slot
}
