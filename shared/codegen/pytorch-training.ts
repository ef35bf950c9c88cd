import type { SoundNetwork } from '../network/analyze'
import { asImage, elementCount } from '../network/shape'
import type { LossConfig, OptimizerConfig, RunConfig } from '../training/config'
import { formatStatement } from './format'
import { call, changed, code } from './python'
import { options, readIdx, readPictures, settings } from './training-parts'

/** The part of a PyTorch program below the module, whose class is called `name`. */
export function pytorchTraining(network: SoundNetwork, name: string, config: RunConfig): string {
  const { height, width, channels } = asImage(network.input.shape) ?? { height: 1, width: 1, channels: 1 }
  const classes = elementCount(network.output.shape)
  const parts = [
    settings(config, [channels, height, width]),
    readIdx,
    readPictures(config),
    toTensors,
    ...(config.init === 'pytorch' ? [] : [initialize(config.init)]),
    lossFunction(config.loss, classes),
    evaluate,
    train(config),
    main(name, config),
    'if __name__ == "__main__":\n    main()',
  ]
  return parts.join('\n\n\n')
}

const toTensors = `def to_tensors(pictures, labels):
    """Bytes to what the network takes: [count, channels, height, width]."""
    x = (torch.from_numpy(pictures.copy()).float() / 255 - PIXEL_MEAN) / PIXEL_STD
    x = x.permute(0, 3, 1, 2).contiguous()
    size = tuple(x.shape[1:])
    if size != INPUT_SHAPE:
        raise SystemExit(f"The network takes {INPUT_SHAPE}, the pictures are {size}.")
    return torch.utils.data.TensorDataset(x, torch.from_numpy(labels))`

function initialize(init: 'glorot' | 'he'): string {
  const [source, kernel] =
    init === 'glorot'
      ? ['Glorot and Bengio 2010', 'nn.init.xavier_uniform_(module.weight)']
      : ['He et al. 2015', 'nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")']
  return `def initialize(network):
    """${source}; biases start at 0."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            ${kernel}
            if module.bias is not None:
                nn.init.zeros_(module.bias)`
}

function lossFunction(loss: LossConfig, classes: number): string {
  const f = 'nn.functional'
  const [logits, labels] = [code('logits'), code('labels')]
  const body =
    loss.type === 'mse'
      ? [`targets = ${f}.one_hot(labels, ${classes}).float()`, `return ${f}.mse_loss(logits, targets)`]
      : [
          `return ${call(`${f}.cross_entropy`, [logits, labels], changed({ label_smoothing: loss.label_smoothing }, { label_smoothing: 0 }))}`,
        ]
  return ['def loss_of(logits, labels):', ...body.map((line) => `    ${line}`)].join('\n')
}

const evaluate = `def evaluate(network, data, device):
    """Mean loss and share of right answers."""
    network.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for pictures, labels in torch.utils.data.DataLoader(data, batch_size=512):
            pictures, labels = pictures.to(device), labels.to(device)
            logits = network(pictures)
            total += loss_of(logits, labels).item() * len(labels)
            right += (logits.argmax(1) == labels).sum().item()
    return total / len(data), right / len(data)`

function train(config: RunConfig): string {
  const schedule = scheduleLines(config)
  const loader = { batch_size: code('BATCH_SIZE'), shuffle: config.shuffle }
  const lines = [
    'def train(network, training, validation, epochs, device):',
    ...formatStatement(4, `optimizer = ${optimizer(config.optimizer)}`),
    ...formatStatement(4, `batches = ${call('torch.utils.data.DataLoader', [code('training')], loader)}`),
    ...(schedule ? formatStatement(4, schedule.made) : []),
    '    for epoch in range(1, epochs + 1):',
    '        network.train()',
    '        total = 0.0',
    '        for pictures, labels in batches:',
    '            pictures, labels = pictures.to(device), labels.to(device)',
    '            loss = loss_of(network(pictures), labels)',
    '            optimizer.zero_grad()',
    '            loss.backward()',
    '            optimizer.step()',
    ...(schedule?.every === 'batch' ? ['            schedule.step()'] : []),
    '            total += loss.item() * len(labels)',
    ...(schedule?.every === 'epoch' ? ['        schedule.step()'] : []),
    '        message = f"epoch {epoch}: loss {total / len(training):.4f}"',
    '        if len(validation) > 0:',
    '            loss, accuracy = evaluate(network, validation, device)',
    '            message += f", validation loss {loss:.4f}, accuracy {accuracy:.4f}"',
    '        print(message, flush=True)',
  ]
  return lines.join('\n')
}

/** As torch.optim names them; what is its default is not written. */
function optimizer(config: OptimizerConfig): string {
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

function scheduleLines({ schedule }: RunConfig): { every: 'batch' | 'epoch'; made: string } | null {
  const [optimizer, steps] = [code('optimizer'), code('epochs * len(batches)')]
  switch (schedule.type) {
    case 'constant':
      return null
    case 'step': {
      const { step_size, gamma } = schedule
      const made = call('torch.optim.lr_scheduler.StepLR', [optimizer], { step_size, gamma })
      return { every: 'epoch', made: `schedule = ${made}` }
    }
    case 'cosine': {
      const chosen = { T_max: steps, ...changed({ eta_min: schedule.min_rate }, { eta_min: 0 }) }
      const made = call('torch.optim.lr_scheduler.CosineAnnealingLR', [optimizer], chosen)
      return { every: 'batch', made: `schedule = ${made}` }
    }
    case 'one-cycle': {
      const { pct_start, div_factor, final_div_factor } = schedule
      const usual = { pct_start: 0.3, div_factor: 25, final_div_factor: 1e4 }
      const chosen = { total_steps: steps, ...changed({ pct_start, div_factor, final_div_factor }, usual) }
      const made = call('torch.optim.lr_scheduler.OneCycleLR', [optimizer, code('LEARNING_RATE')], {
        ...chosen,
        cycle_momentum: false,
      })
      return { every: 'batch', made: `schedule = ${made}` }
    }
    case 'plateau':
      return null
  }
}

function main(name: string, config: RunConfig): string {
  const initialise = config.init === 'pytorch' ? '' : '\n    initialize(network)'
  return `def main():
    from safetensors.torch import load_file, save_file  # pip install safetensors

${options('weights.safetensors')}
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = ${name}()${initialise}
    if options.weights:
        network.load_state_dict(load_file(options.weights), strict=True)
    network.to(device)
    data = to_tensors(*read_pictures(options.data, train=True))
    kept = int(len(data) * VALIDATION_SPLIT)
    training, validation = torch.utils.data.random_split(data, [len(data) - kept, kept])
    train(network, training, validation, options.epochs, device)
    test = to_tensors(*read_pictures(options.data, train=False))
    loss, accuracy = evaluate(network, test, device)
    print(f"test loss {loss:.4f}, accuracy {accuracy:.4f}")
    save_file(network.state_dict(), options.output)
    print(f"saved {options.output}")`
}
