import type { Command } from 'commander'
import { AppError } from '../../shared/errors'
import {
  engineChoices,
  optimizerTypes,
  runConfigSchema,
  scheduleSchema,
  type RunConfig,
} from '../../shared/training/config'
import { datasetIds } from '../../shared/data/dataset'
import { number, part, withoutAbsent } from './option-values'
import { addAidOptions, aidFlagOf, readAids, type AidFlags } from './training-aid-options'

/**
 * The command line trains on every picture unless told otherwise, so that `--limit 1000 --no-shuffle` means those 1,000 in
 * order, as in a PyTorch loop beside it. The window keeps some back to draw a validation curve.
 */
const validationSplit = 0

/** The flags of `train` that make up a run's configuration, as commander gives them. */
export interface ConfigFlags extends AidFlags {
  readonly data?: string
  readonly epochs?: string
  readonly batchSize?: string
  readonly optimizer?: string
  readonly learningRate?: string
  readonly weightDecay?: string
  readonly momentum?: string
  readonly schedule?: string
  readonly stepSize?: string
  readonly gamma?: string
  readonly minRate?: string
  readonly pctStart?: string
  readonly divFactor?: string
  readonly finalDivFactor?: string
  readonly factor?: string
  readonly patience?: string
  readonly threshold?: string
  readonly loss?: string
  readonly labelSmoothing?: string
  readonly seed?: string
  readonly validationSplit?: string
  readonly limit?: string
  readonly shuffle: boolean
  readonly init?: string
  readonly engine?: string
}

/** Flag and the place of its value in the configuration. */
const flagOf: Readonly<Record<string, string>> = {
  dataset: '--data',
  epochs: '--epochs',
  batch_size: '--batch-size',
  optimizer: '--optimizer',
  'optimizer.type': '--optimizer',
  'optimizer.weight_decay': '--weight-decay',
  'optimizer.momentum': '--momentum',
  learning_rate: '--learning-rate',
  schedule: '--schedule',
  'schedule.type': '--schedule',
  'schedule.step_size': '--step-size',
  'schedule.gamma': '--gamma',
  'schedule.min_rate': '--min-rate',
  'schedule.pct_start': '--pct-start',
  'schedule.div_factor': '--div-factor',
  'schedule.final_div_factor': '--final-div-factor',
  'schedule.factor': '--factor',
  'schedule.patience': '--patience',
  'schedule.threshold': '--threshold',
  loss: '--loss',
  'loss.type': '--loss',
  'loss.label_smoothing': '--label-smoothing',
  seed: '--seed',
  validation_split: '--validation-split',
  limit: '--limit',
  init: '--init',
  engine: '--engine',
  ...aidFlagOf,
}

const { optimizer, learning_rate, ...defaults } = runConfigSchema.parse({})
const schedules = scheduleSchema.options.map(({ shape }) => shape.type.value)

export function addConfigOptions(command: Command): Command {
  command
    .option('--data <id>', `data set: ${datasetIds.join(', ')} (default: ${defaults.dataset})`)
    .option('--epochs <n>', `times over all pictures (default: ${defaults.epochs})`)
    .option('--batch-size <n>', `pictures a step (default: ${defaults.batch_size})`)
    .option('--optimizer <type>', `${optimizerTypes.join(', ')} (default: ${optimizer.type})`)
    .option('--learning-rate <rate>', `size of a step (default: ${learning_rate})`)
    .option('--weight-decay <value>', 'L2, decoupled for adamw (default: 0, adamw 0.01)')
    .option('--momentum <value>', 'of momentum and nesterov (default: 0.9)')
    .option('--schedule <type>', `of the learning rate: ${schedules.join(', ')} (default: ${defaults.schedule.type})`)
    .option('--step-size <epochs>', 'epochs between two steps of "step" (default: 1)')
    .option('--gamma <factor>', 'factor of each step of "step" (default: 0.5)')
    .option('--min-rate <rate>', 'learning rate at the end of "cosine", lowest of "plateau" (default: 0)')
    .option('--pct-start <share>', 'share of the run in which "one-cycle" rises (default: 0.3)')
    .option('--div-factor <n>', '"one-cycle" begins at the rate / n (default: 25)')
    .option('--final-div-factor <n>', 'and ends at that / n (default: 10000)')
    .option('--factor <factor>', 'by which "plateau" multiplies the rate (default: 0.1)')
    .option('--patience <epochs>', 'epochs that may stall before it does (default: 3)')
    .option('--threshold <share>', 'by which the loss must fall not to stall (default: 0.0001)')
    .option('--loss <type>', `cross-entropy, mse (default: ${defaults.loss.type})`)
    .option('--label-smoothing <share>', 'of cross-entropy (default: 0)')
    .option('--seed <n>', `of weights, order, masks and split (default: ${defaults.seed})`)
    .option('--validation-split <share>', `kept back to watch the run (default: ${validationSplit})`)
    .option('--limit <n>', 'use just the first n pictures')
    .option('--no-shuffle', 'keep the order of the files')
    .option('--init <kind>', `starting weights: pytorch, glorot, he (default: ${defaults.init})`)
    .option('--engine <name>', `${engineChoices.join(', ')} (default: ${defaults.engine})`)
  return addAidOptions(command)
}

/** Checks the flags against the schema that the window uses too. Throws `invalid-input` naming the flag. */
export function readConfig(flags: ConfigFlags): RunConfig {
  const parsed = runConfigSchema.safeParse(
    withoutAbsent({
      dataset: flags.data,
      epochs: number(flags.epochs),
      batch_size: number(flags.batchSize),
      optimizer: part(flags.optimizer, optimizer.type, {
        weight_decay: number(flags.weightDecay),
        momentum: number(flags.momentum),
      }),
      learning_rate: number(flags.learningRate),
      schedule: part(flags.schedule, defaults.schedule.type, {
        step_size: number(flags.stepSize),
        gamma: number(flags.gamma),
        min_rate: number(flags.minRate),
        pct_start: number(flags.pctStart),
        div_factor: number(flags.divFactor),
        final_div_factor: number(flags.finalDivFactor),
        factor: number(flags.factor),
        patience: number(flags.patience),
        threshold: number(flags.threshold),
      }),
      loss: part(flags.loss, defaults.loss.type, { label_smoothing: number(flags.labelSmoothing) }),
      seed: number(flags.seed),
      validation_split: number(flags.validationSplit) ?? validationSplit,
      limit: number(flags.limit),
      shuffle: flags.shuffle,
      init: flags.init,
      engine: flags.engine,
      ...readAids(flags),
    }),
  )
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(explainIssue)
  throw new AppError('invalid-input', `${lines.join('; ')}.`, { fix: 'See convscope train --help.' })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function explainIssue(issue: Issue): string {
  const path = issue.path.map(String).join('.')
  const foreign = issue.keys?.map((key) => flagOf[`${path}.${key}`] ?? key)
  if (foreign) return `${foreign.join(', ')} does not apply to this ${flagOf[path] ?? path}`
  return `${flagOf[path] ?? path}: ${issue.message}`
}
