import type { Command } from 'commander'
import { AppError } from '../../../shared/errors'
import { requireSound } from '../../../shared/network/analyze'
import { requireFit } from '../../../shared/network/fit'
import { refuseIfTooLarge } from '../../../shared/network/memory'
import { rangeSettingsSchema, type RangeSettings } from '../../../shared/training/range-messages'
import type { RangeTestResult } from '../../../shared/training/range-test'
import { findDataset } from '../../data/find-dataset'
import { memoryForTraining } from '../../main/runs/machine-memory'
import { findRate } from '../../trainer/find-rate'
import type { CliContext } from '../context'
import { exitCodes } from '../exit-codes'
import { readNetworkFile } from '../network-file'
import { number, withoutAbsent } from '../option-values'
import type { Output } from '../output'
import { addConfigOptions, readConfig, type ConfigFlags } from '../run-config-options'
import { startEngine } from '../start-engine'

interface FindRateFlags extends ConfigFlags {
  readonly steps?: string
  readonly from?: string
  readonly to?: string
}

const help = `
Examples:
  convscope find-rate reference
  convscope find-rate my-network.json --optimizer sgd --batch-size 128 --json

The rate rises exponentially from step to step on a fresh copy of the network (Smith 2015); "valley" is the middle of the
longest fall of the loss, "steepest" where it falls fastest. Nothing is recorded.`

const defaults = rangeSettingsSchema.parse({})
const flagOf: Readonly<Record<string, string>> = { steps: '--steps', from: '--from', to: '--to' }

export function addFindRate(program: Command, context: CliContext): void {
  const command = program
    .command('find-rate')
    .argument('<NETWORK.json>', 'network document, or "reference"')
    .description('Suggest a learning rate by a range test.')
  addConfigOptions(command)
    .option('--steps <n>', `steps at most (default: ${defaults.steps})`)
    .option('--from <rate>', `lowest rate (default: ${defaults.from})`)
    .option('--to <rate>', `highest rate (default: ${defaults.to})`)
    .addHelpText('after', help)
    .action(async (file: string, flags: FindRateFlags) => {
      const config = readConfig(flags)
      const range = readRange(flags)
      const document = readNetworkFile(file)
      const network = requireSound(document)
      const { info, folder } = findDataset(config.dataset)
      requireFit(network, { title: info.title, shape: info.shape, classes: info.classes.length })
      refuseIfTooLarge(network, config, memoryForTraining())
      const engine = await startEngine(config.engine)
      let stopped = false
      const ignoreInterrupts = context.onInterrupt(() => (stopped = true))
      const { output } = context
      try {
        const dataFolders = { [config.dataset]: folder }
        const result = await findRate(
          { type: 'find-rate', document, config, dataFolders, range },
          {
            startEngine: () => Promise.resolve(engine),
            goOn: () => !stopped,
            emit(event) {
              if (event.type !== 'rate-progress') return
              output.status(`step ${event.points.length} of at most ${event.steps}`)
            },
          },
        )
        report(output, result)
        if (stopped) context.exitCode = exitCodes.interrupted
      } finally {
        ignoreInterrupts()
      }
    })
}

function readRange(flags: FindRateFlags): RangeSettings {
  const given = withoutAbsent({ steps: number(flags.steps), from: number(flags.from), to: number(flags.to) })
  const parsed = rangeSettingsSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(
    ({ path, message }) => `${flagOf[path.join('.')] ?? path.join('.')}: ${message}`,
  )
  throw new AppError('invalid-input', `${lines.join('; ')}.`, { fix: 'See convscope find-rate --help.' })
}

function report(output: Output, { points, suggestion, diverged }: RangeTestResult): void {
  output.object({ type: 'rates', points, suggestion, diverged })
  const last = points.at(-1)
  if (last)
    output.line(
      `Tested    ${points.length} steps, up to ${last.rate.toPrecision(3)}${diverged ? ', where the loss rose' : ''}`,
    )
  if (suggestion) {
    output.line(
      `Suggested ${suggestion.valley.toPrecision(2)} (valley); the loss falls fastest at ${suggestion.steepest.toPrecision(2)}`,
    )
  } else output.line('Suggested none: the loss never fell. Try other rates or more steps.')
}
