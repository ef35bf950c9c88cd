import type { Command } from 'commander'
import { AppError } from '../../../shared/errors'
import type { CliContext } from '../context'
import { exitCodeOf, exitCodes } from '../exit-codes'
import { findRun, openRecords } from '../records'
import { resumeRun } from '../resume-run'

const help = `
Examples:
  convscope resume last
  convscope resume 3f2a --epochs 10

A run that was stopped, failed or was killed goes on from its newest sound checkpoint and ends as if it had never been
interrupted. With --epochs, a finished run trains on to that many epochs in all.
Exit codes: 0 finished, 1 failed, 2 bad input, 3 data or engine missing, 130 stopped by Ctrl+C.`

export function addResume(program: Command, context: CliContext): void {
  program
    .command('resume')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .option('--epochs <n>', 'epochs in all, where it shall train longer than it was to')
    .description('Go on with a run from its newest checkpoint.')
    .addHelpText('after', help)
    .action((name: string, flags: { epochs?: string }) => goOn(name, flags.epochs, context))
}

async function goOn(name: string, epochs: string | undefined, context: CliContext): Promise<void> {
  const records = openRecords(context.output)
  const { recorder } = records
  try {
    const wanted = epochs === undefined ? undefined : readEpochs(epochs)
    const last = await resumeRun(findRun(recorder, name).id, wanted, { recorder, context })
    if (last.type === 'failed') context.exitCode = exitCodeOf(last.error.kind)
    if (last.type === 'stopped') context.exitCode = exitCodes.interrupted
  } finally {
    records.close()
  }
}

function readEpochs(text: string): number {
  const epochs = Number(text)
  if (Number.isInteger(epochs) && epochs >= 1 && epochs <= 100000) return epochs
  throw new AppError('invalid-input', `--epochs: "${text}" is not a whole number from 1 to 100000.`, {
    fix: 'Give the number of epochs in all.',
  })
}
