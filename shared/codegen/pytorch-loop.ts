import type { RunConfig } from '../training/config'
import { formatStatement } from './format'
import { optimizer } from './pytorch-optimizer'
import { call, changed, code } from './python'

/** `train`, and what it calls. */
export function trainingLoop(config: RunConfig): string {
  const { early_stopping: stopping, clip_norm: clip, class_weights: weights } = config
  const schedule = scheduleOf(config)
  const warm = config.warmup_steps > 0
  const plateau = schedule?.every === 'result'
  const counts = stopping?.monitor === 'accuracy'
  const argument = weights === null ? '' : ', weights'
  const watches = plateau || stopping !== null
  const loader = { batch_size: code('BATCH_SIZE'), shuffle: config.shuffle }
  const lines = [
    `def train(network, training, validation, epochs, device${argument}):`,
    ...formatStatement(4, `optimizer = ${optimizer(config.optimizer)}`),
    ...formatStatement(4, `batches = ${call('torch.utils.data.DataLoader', [code('training')], loader)}`),
    ...(schedule ? formatStatement(4, `schedule = ${schedule.made}`) : []),
    ...(stopping ? ['    best, waited, kept = None, 0, None'] : []),
    ...(warm ? ['    step = 0'] : []),
    '    for epoch in range(1, epochs + 1):',
    '        network.train()',
    `        total${counts ? ', right = 0.0, 0' : ' = 0.0'}`,
    '        for pictures, labels in batches:',
    '            pictures, labels = pictures.to(device), labels.to(device)',
    ...(counts ? ['            logits = network(pictures)'] : []),
    `            loss = loss_of(${counts ? 'logits' : 'network(pictures)'}, labels${argument})`,
    '            optimizer.zero_grad()',
    '            loss.backward()',
    ...(clip === null ? [] : ['            nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM)']),
    ...(warm ? ['            warm_step(optimizer, step)', '            step += 1'] : ['            optimizer.step()']),
    ...(schedule?.every === 'batch' ? ['            schedule.step()'] : []),
    '            total += loss.item() * len(labels)',
    ...(counts ? ['            right += (logits.argmax(1) == labels).sum().item()'] : []),
    ...(schedule?.every === 'epoch' ? ['        schedule.step()'] : []),
    ...(watches
      ? [`        loss${counts ? ', accuracy' : ''} = total / len(training)${counts ? ', right / len(training)' : ''}`]
      : []),
    `        message = f"epoch {epoch}: loss {${watches ? 'loss' : 'total / len(training)'}:.4f}"`,
    '        if len(validation) > 0:',
    `            loss, accuracy = evaluate(network, validation, device${argument})`,
    '            message += f", validation loss {loss:.4f}, accuracy {accuracy:.4f}"',
    '        print(message, flush=True)',
    ...(plateau ? ['        schedule.step(loss)'] : []),
    ...earlyStopping(config),
  ]
  return (warm ? `${warmStep}\n\n\n` : '') + lines.join('\n')
}

const warmStep = `def warm_step(optimizer, step):
    """A step at a share of the schedule's rate that rises to 1 in WARMUP_STEPS steps."""
    rate = optimizer.param_groups[0]["lr"]
    for group in optimizer.param_groups:
        group["lr"] = rate * min(1, (step + 1) / WARMUP_STEPS)
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] = rate`

function earlyStopping({ early_stopping: stopping }: RunConfig): string[] {
  if (!stopping) return []
  const { monitor, patience, min_delta, restore_best } = stopping
  const [sign, than] = monitor === 'loss' ? ['<', '-'] : ['>', '+']
  const delta = min_delta === 0 ? '' : ` ${than} ${min_delta}`
  const keep = '            kept = {name: v.clone() for name, v in network.state_dict().items()}'
  return [
    `        if best is None or ${monitor} ${sign} best${delta}:`,
    `            best, waited = ${monitor}, 0`,
    ...(restore_best ? [keep] : []),
    '        else:',
    '            waited += 1',
    `        if waited >= ${patience}:`,
    '            break',
    ...(restore_best ? ['    if kept is not None:', '        network.load_state_dict(kept)'] : []),
  ]
}

interface Schedule {
  /** When it moves: after each batch, each epoch, or each epoch's result. */
  readonly every: 'batch' | 'epoch' | 'result'
  readonly made: string
}

function scheduleOf({ schedule }: RunConfig): Schedule | null {
  const [optimizer, steps] = [code('optimizer'), code('epochs * len(batches)')]
  const of = 'torch.optim.lr_scheduler'
  switch (schedule.type) {
    case 'constant':
      return null
    case 'step': {
      const { step_size, gamma } = schedule
      return { every: 'epoch', made: call(`${of}.StepLR`, [optimizer], { step_size, gamma }) }
    }
    case 'cosine': {
      const chosen = { T_max: steps, ...changed({ eta_min: schedule.min_rate }, { eta_min: 0 }) }
      return { every: 'batch', made: call(`${of}.CosineAnnealingLR`, [optimizer], chosen) }
    }
    case 'one-cycle': {
      const { pct_start, div_factor, final_div_factor } = schedule
      const usual = { pct_start: 0.3, div_factor: 25, final_div_factor: 1e4 }
      const chosen = { total_steps: steps, ...changed({ pct_start, div_factor, final_div_factor }, usual) }
      const rate = code('LEARNING_RATE')
      return { every: 'batch', made: call(`${of}.OneCycleLR`, [optimizer, rate], { ...chosen, cycle_momentum: false }) }
    }
    case 'plateau': {
      const { factor, patience, threshold, min_rate: min_lr } = schedule
      const chosen = changed(
        { factor, patience, threshold, min_lr },
        { factor: 0.1, patience: 10, threshold: 1e-4, min_lr: 0 },
      )
      return { every: 'result', made: call(`${of}.ReduceLROnPlateau`, [optimizer], chosen) }
    }
  }
}
