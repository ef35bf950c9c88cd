import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const optimizers = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'rmsprop']

/** Schedules take turns with the runs, so that each one is killed, too. */
const schedules = [
  ['--schedule', 'cosine'],
  ['--schedule', 'one-cycle'],
  ['--schedule', 'plateau', '--patience', '0'],
  ['--schedule', 'step', '--gamma', '0.5'],
]

/**
 * The flags of a run: dropout, warm-up and a schedule, and a checkpoint every few steps.
 * @param {{ network: string, optimizer: string, seed: number }} run
 */
export function trainFlags({ network, optimizer, seed }) {
  const schedule = schedules[(seed + optimizers.indexOf(optimizer)) % schedules.length] ?? []
  /** @type {Record<string, string>} */
  const rates = { sgd: '0.02', momentum: '0.005', nesterov: '0.005' }
  return [
    ...['train', network, '--data', 'mnist', '--limit', '4000', '--validation-split', '0.1', '--batch-size', '16'],
    ...[
      '--epochs',
      '4',
      '--optimizer',
      optimizer,
      '--learning-rate',
      rates[optimizer] ?? '0.001',
      '--seed',
      String(seed),
    ],
    ...['--warmup-steps', '30', '--checkpoint-steps', '40', '--checkpoint-seconds', 'never', '--engine', 'tensorflow'],
    ...schedule,
  ]
}

/** @param {string} folder @returns {string} its file */
export function writeNetwork(folder) {
  const layers = [
    ['input', 'input', { height: 28, width: 28, channels: 1 }],
    ['conv1', 'conv2d', { out_channels: 8, stride: 2 }],
    ['bn1', 'batch_norm2d', {}],
    ['relu1', 'relu', {}],
    ['pool1', 'max_pool2d', { kernel_size: 2, stride: 2 }],
    ['flatten', 'flatten', {}],
    ['drop', 'dropout', { p: 0.3 }],
    ['fc1', 'linear', { out_features: 10 }],
  ].map(([id, kind, params], index, all) => ({ id, kind, params, inputs: index === 0 ? [] : [all[index - 1]?.[0]] }))
  const file = join(folder, 'network.json')
  writeFileSync(file, JSON.stringify({ format: 'convscope.network', version: 1, name: 'Crash test', layers }))
  return file
}
