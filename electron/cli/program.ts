import { Command, CommanderError } from 'commander'
import { AppError, toWire } from '../../shared/errors'
import { noteDamage } from '../main/db/damage'
import { defaultHome } from '../main/db/home'
import { addBackup, addRestore } from './commands/backup'
import { addCheck } from './commands/check'
import { addData } from './commands/data'
import { addDoctor } from './commands/doctor'
import { addExperiments } from './commands/experiments'
import { addExport } from './commands/export'
import { addFindRate } from './commands/find-rate'
import { addPack, addUnpack } from './commands/pack'
import { addPredict } from './commands/predict'
import { addResume } from './commands/resume'
import { addRuns, addShow } from './commands/runs'
import { addSweep } from './commands/sweep'
import { addTrain } from './commands/train'
import type { CliContext } from './context'
import { exitCodeOf, exitCodes } from './exit-codes'
import type { Terminal } from './output'
import { appVersion } from './records'

const help = `
Examples:
  convscope doctor
  convscope check my-network.json
  convscope train reference --epochs 3 --batch-size 64
  convscope resume last
  convscope sweep rates.json
  convscope runs
  convscope export last --output weights.safetensors
  convscope pack last --output lesson.convscope

Runs are recorded in the same database as the window's. CONVSCOPE_HOME names another folder for it, CONVSCOPE_DATA a
folder of data sets.
Exit codes: 0 ok, 1 failed, 2 bad usage or input, 3 engine or data missing, 130 interrupted.`

/** Runs one command line (without the program's own name) to its end; gives the exit code and never rejects. */
export async function runCli(args: readonly string[], context: CliContext, out: Terminal): Promise<number> {
  const program = createProgram(context, out)
  try {
    await program.parseAsync(args, { from: 'user' })
    return context.exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const wire = noteDamage(defaultHome(), toWire(error))
      context.output.error(wire)
      return exitCodeOf(wire.kind)
    }
    if (error.exitCode === 0) return exitCodes.ok
    context.output.error(toWire(usageError(error)))
    return exitCodes.badInput
  }
}

function createProgram(context: CliContext, out: Terminal): Command {
  const program = new Command('convscope')
    .description('Train convolutional networks and look at what they learned.')
    .option('--json', 'one JSON object a line on stdout, and nothing else')
    .version(appVersion())
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText('after', help)
  for (const add of [
    addDoctor,
    addData,
    addCheck,
    addTrain,
    addFindRate,
    addResume,
    addSweep,
    addExperiments,
    addRuns,
    addShow,
    addPredict,
    addExport,
    addPack,
    addUnpack,
    addBackup,
    addRestore,
  ])
    add(program, context)
  configure(program, out)
  return program
}

/** Every command reports its own errors unless told otherwise. */
function configure(command: Command, out: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => out.write(text),
    // Said by `usageError`, as text or as an object.
    writeErr: () => undefined,
    getOutHelpWidth: () => 120,
  })
  for (const inner of command.commands) configure(inner, out)
}

function usageError({ code, message }: CommanderError): AppError {
  const bare = code === 'commander.help' || message === '(outputHelp)'
  const text = bare ? 'No command was given.' : sentence(message.replace(/^error: /, ''))
  return new AppError('invalid-input', text, { fix: 'See convscope --help.' })
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  const flat = first.replaceAll('\n', ' ')
  return /[.?)]$/.test(flat) ? flat : `${flat}.`
}
