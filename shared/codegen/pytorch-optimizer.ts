import type { OptimizerConfig } from '../training/config'
import { call, changed, code } from './python'

/** As torch.optim names them; what is its default is not written. */
export function optimizer(config: OptimizerConfig): string {
  const of = [code('network.parameters()')]
  const lr = code('LEARNING_RATE')
  const decay = changed({ weight_decay: config.weight_decay }, { weight_decay: config.type === 'adamw' ? 0.01 : 0 })
  switch (config.type) {
    case 'sgd':
      return call('torch.optim.SGD', of, { lr, ...decay })
    case 'momentum':
      return call('torch.optim.SGD', of, { lr, momentum: config.momentum, ...decay })
    case 'nesterov':
      return call('torch.optim.SGD', of, { lr, momentum: config.momentum, nesterov: true, ...decay })
    case 'adam':
    case 'adamw': {
      const usual = { betas: [0.9, 0.999], eps: 1e-8 }
      const chosen = changed({ betas: [config.beta1, config.beta2], eps: config.eps }, usual)
      return call(config.type === 'adam' ? 'torch.optim.Adam' : 'torch.optim.AdamW', of, { lr, ...chosen, ...decay })
    }
    case 'rmsprop': {
      const chosen = changed({ alpha: config.alpha, eps: config.eps }, { alpha: 0.99, eps: 1e-8 })
      return call('torch.optim.RMSprop', of, { lr, ...chosen, ...decay })
    }
  }
}
