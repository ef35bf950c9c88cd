import type { RunConfig } from '../training/config'
import { call, changed, code } from './python'

/** `loss_of`, which takes `weights` of the classes where the run has them. */
export function lossFunction({ loss, class_weights }: RunConfig, classes: number): string {
  const f = 'nn.functional'
  if (loss.type === 'mse') {
    return `def loss_of(logits, labels):
    targets = ${f}.one_hot(labels, ${classes}).float()
    return ${f}.mse_loss(logits, targets)`
  }
  const weighted = class_weights !== null
  const smoothing = changed({ label_smoothing: loss.label_smoothing }, { label_smoothing: 0 })
  const options = { ...(weighted ? { weight: code('weights') } : {}), ...smoothing }
  return `def loss_of(logits, labels${weighted ? ', weights' : ''}):
    return ${call(`${f}.cross_entropy`, [code('logits'), code('labels')], options)}`
}

/** The classes' weights as a tensor, from the labels that the run trains on; null where all are equal. */
export function classWeights({ class_weights: weights }: RunConfig, classes: number): string | null {
  if (weights === null) return null
  if (weights !== 'balanced') {
    return `def class_weights(labels):
    return torch.tensor([${weights.join(', ')}])`
  }
  return `def class_weights(labels):
    """Pictures / (classes * pictures of the class), as scikit-learn's "balanced"."""
    counts = torch.bincount(labels, minlength=${classes})
    balanced = len(labels) / (${classes} * counts.clamp(min=1))
    return torch.where(counts > 0, balanced, 1.0)`
}

/** `evaluate`: with class weights the mean over all pictures is that of the weighted losses, over the sum of the weights. */
export function evaluate({ class_weights }: RunConfig): string {
  const weighted = class_weights !== null
  const share = weighted ? 'weights[labels].sum().item()' : 'len(labels)'
  const argument = weighted ? ', weights' : ''
  const lines = [
    `def evaluate(network, data, device${argument}):`,
    '    """Mean loss and share of right answers."""',
    '    network.eval()',
    `    total, right${weighted ? ', whole = 0.0, 0, 0.0' : ' = 0.0, 0'}`,
    '    with torch.no_grad():',
    '        for pictures, labels in torch.utils.data.DataLoader(data, batch_size=512):',
    '            pictures, labels = pictures.to(device), labels.to(device)',
    '            logits = network(pictures)',
    ...(weighted
      ? [
          `            weight = ${share}`,
          '            # A batch whose labels weigh nothing has no mean.',
          '            if weight > 0:',
          '                total += loss_of(logits, labels, weights).item() * weight',
          '            whole += weight',
        ]
      : [`            total += loss_of(logits, labels).item() * ${share}`]),
    '            right += (logits.argmax(1) == labels).sum().item()',
    weighted
      ? '    return total / max(whole, 1e-12), right / len(data)'
      : '    return total / len(data), right / len(data)',
  ]
  return lines.join('\n')
}
