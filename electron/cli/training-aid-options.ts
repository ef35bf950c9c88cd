import type { Command } from 'commander'
import { checkpointRulesSchema, earlyStoppingSchema } from '../../shared/training/config'
import { number, numberOrNever, withoutAbsent } from './option-values'

/** The flags for what helps a training, and for what is kept of it. */
export interface AidFlags {
  readonly warmupSteps?: string
  /** True where nothing is said of what to watch. */
  readonly earlyStopping?: string | true
  readonly stopPatience?: string
  readonly minDelta?: string
  readonly restoreBest?: boolean
  readonly clipNorm?: string
  readonly classWeights?: string
  readonly histograms?: boolean
  readonly checkpointSteps?: string
  readonly checkpointSeconds?: string
  readonly keepLast?: string
  readonly keepBest?: boolean
  readonly keepEpochs?: boolean
}

/** Flag and the place of its value in the configuration. */
export const aidFlagOf: Readonly<Record<string, string>> = {
  warmup_steps: '--warmup-steps',
  early_stopping: '--early-stopping',
  'early_stopping.monitor': '--early-stopping',
  'early_stopping.patience': '--stop-patience',
  'early_stopping.min_delta': '--min-delta',
  clip_norm: '--clip-norm',
  class_weights: '--class-weights',
  'checkpoint.every_steps': '--checkpoint-steps',
  'checkpoint.every_seconds': '--checkpoint-seconds',
  'checkpoint.keep_last': '--keep-last',
}

const stopping = earlyStoppingSchema.parse({})
const rules = checkpointRulesSchema.parse({})

export function addAidOptions(command: Command): Command {
  return command
    .option('--warmup-steps <n>', 'steps over which the rate rises in a line (default: 0)')
    .option('--early-stopping [watched]', 'end when loss or accuracy gets no better (default: off; watched: loss)')
    .option('--stop-patience <epochs>', `epochs without a gain that end the run (default: ${stopping.patience})`)
    .option('--min-delta <value>', `what counts as a gain (default: ${stopping.min_delta})`)
    .option('--no-restore-best', 'end with the last weights, not with those of the best epoch')
    .option('--clip-norm <norm>', 'largest L2 norm of all gradients together (default: no bound)')
    .option('--class-weights <list>', 'balanced, or one weight for each class: 1,1,2.5,… (default: equal)')
    .option('--histograms', 'record distributions of weights and gradients at the end of each epoch')
    .option('--checkpoint-steps <n>', 'keep the whole state also after every n steps (default: never)')
    .option('--checkpoint-seconds <s>', `and after every s seconds, or "never" (default: ${rules.every_seconds})`)
    .option('--keep-last <n>', `newest checkpoints to keep (default: ${rules.keep_last})`)
    .option('--no-keep-best', "do not keep the best epoch's checkpoint besides")
    .option('--no-keep-epochs', 'do not keep the weights of every epoch')
}

/** The part of a configuration that these flags make up; the schema checks it. */
export function readAids(flags: AidFlags): Record<string, unknown> {
  return {
    warmup_steps: number(flags.warmupSteps),
    early_stopping: readStopping(flags),
    clip_norm: number(flags.clipNorm),
    class_weights: readClassWeights(flags.classWeights),
    histograms: flags.histograms,
    checkpoint: someOf({
      every_steps: numberOrNever(flags.checkpointSteps),
      every_seconds: numberOrNever(flags.checkpointSeconds),
      keep_last: number(flags.keepLast),
      keep_best: offOnly(flags.keepBest),
      keep_epochs: offOnly(flags.keepEpochs),
    }),
  }
}

/** Any of its flags asks for it. */
function readStopping({ earlyStopping, stopPatience, minDelta, restoreBest }: AidFlags): unknown {
  const said = someOf({
    monitor: earlyStopping === true ? undefined : earlyStopping,
    patience: number(stopPatience),
    min_delta: number(minDelta),
    restore_best: offOnly(restoreBest),
  })
  return said ?? (earlyStopping === undefined ? undefined : {})
}

function readClassWeights(text: string | undefined): unknown {
  if (text === undefined || text === 'balanced') return text
  return text.split(',').map((weight) => number(weight.trim()))
}

/** Commander says true where `--no-…` was not given. */
function offOnly(value: boolean | undefined): false | undefined {
  return value === false ? false : undefined
}

function someOf(settings: Record<string, unknown>): Record<string, unknown> | undefined {
  const said = withoutAbsent(settings)
  return Object.keys(said).length === 0 ? undefined : said
}
