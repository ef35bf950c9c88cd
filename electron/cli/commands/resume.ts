import type { Command } from 'commander'
import { AppError } from '../../../shared/errors'
import { requireSound } from '../../../shared/network/analyze'
import { requireFit } from '../../../shared/network/fit'
import { isActive } from '../../../shared/training/state'
import { findDataset } from '../../data/find-dataset'
import { continuation } from '../../main/runs/continuation'
import type { CliContext } from '../context'
import { exitCodeOf, exitCodes } from '../exit-codes'
import { findRun, openRecords } from '../records'
import { runRecorded } from '../run-recorded'
import { startEngine } from '../start-engine'

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
    const run = recorder.get(findRun(recorder, name).id)
    if (isActive(run.state)) {
      throw new AppError('busy', `The run ${run.id.slice(0, 8)} is training already.`, { fix: 'Stop it first.' })
    }
    const wanted = epochs === undefined ? undefined : readEpochs(epochs)
    const { config, resume } = continuation(run, recorder.folder(run.id), wanted)
    const { info, folder } = findDataset(config.dataset)
    requireFit(requireSound(run.document), { title: info.title, shape: info.shape, classes: info.classes.length })
    const engine = await startEngine(config.engine)
    const last = await runRecorded(
      recorder.relaunch(run.id, config),
      {
        document: run.document,
        dataFolders: { [config.dataset]: folder },
        initialWeights: null,
        initialOptimizer: null,
        resume,
      },
      { recorder, engine, context },
    )
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
