import type { Command } from 'commander'
import { arch, cpus, platform, totalmem } from 'node:os'
import { catalogue } from '../../../shared/data/catalogue'
import { datasetIds } from '../../../shared/data/dataset'
import { toWire } from '../../../shared/errors'
import { findDataset } from '../../data/find-dataset'
import type { CliContext } from '../context'
import { exitCodes } from '../exit-codes'
import { appVersion, openRecords } from '../records'
import type { Output } from '../output'
import { startEngine } from '../start-engine'

interface Finding {
  readonly name: string
  /** A warning leaves the program usable; a problem does not. */
  readonly level: 'ok' | 'warning' | 'problem'
  readonly detail: string
  readonly fix: string
}

interface Check {
  readonly name: string
  readonly level: 'warning' | 'problem'
  readonly exitCode: number
  /** What was found; throws what is wrong. */
  look(output: Output): string | Promise<string>
}

const marks = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' } as const

const checks: readonly Check[] = [
  {
    name: 'TensorFlow',
    level: 'warning',
    exitCode: exitCodes.ok,
    look: () => describeEngine('tensorflow'),
  },
  {
    name: 'Plain JavaScript engine',
    level: 'problem',
    exitCode: exitCodes.missing,
    look: () => describeEngine('eager'),
  },
  ...datasetIds.map((id) => ({
    name: catalogue[id].title,
    level: id === 'mnist' ? ('problem' as const) : ('warning' as const),
    exitCode: id === 'mnist' ? exitCodes.missing : exitCodes.ok,
    look: () => findDataset(id).folder,
  })),
  {
    name: 'Run database',
    level: 'problem',
    exitCode: exitCodes.failed,
    look(output) {
      const records = openRecords(output)
      const count = records.recorder.list().length
      records.close()
      return `${records.home}, ${count} ${count === 1 ? 'run' : 'runs'}`
    },
  },
]

const help = `
Examples:
  convscope doctor
  convscope doctor --json

Exit codes: 0 all that is needed is there, 1 the database cannot be used, 3 an engine or MNIST is missing.`

export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('Look whether everything that training needs is there.')
    .addHelpText('after', help)
    .action(async () => {
      const { output } = context
      show(output, { name: 'Convscope', level: 'ok', detail: describeMachine(), fix: '' })
      for (const check of checks) {
        const finding = await examine(check, output)
        show(output, finding)
        if (finding.level === 'problem') context.exitCode = Math.max(context.exitCode, check.exitCode)
      }
    })
}

async function examine({ name, level, look }: Check, output: Output): Promise<Finding> {
  try {
    return { name, level: 'ok', detail: await look(output), fix: '' }
  } catch (error) {
    const { message, fix } = toWire(error)
    return { name, level, detail: message, fix }
  }
}

function show(output: Output, { name, level, detail, fix }: Finding): void {
  output.object({ type: 'check', name, level, detail, fix })
  output.line(`${marks[level]}  ${name.padEnd(24)}${[detail, fix].filter(Boolean).join(' ')}`)
}

async function describeEngine(id: 'tensorflow' | 'eager'): Promise<string> {
  const { report } = await startEngine(id)
  return `${report.version} on ${report.device}`
}

function describeMachine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return `${appVersion()}, Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} processors, ${memory}`
}
