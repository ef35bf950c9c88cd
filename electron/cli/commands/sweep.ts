import type { Command } from 'commander'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import { expandPlan } from '../../../shared/experiments/expand'
import { experimentFormat, planSchema, type Plan } from '../../../shared/experiments/plan'
import type { Experiment } from '../../../shared/ipc/experiment-calls'
import { describeCombination, requireRuns } from '../../../shared/experiments/unsound'
import { findDataset } from '../../data/find-dataset'
import type { CliContext } from '../context'
import { readInput } from '../files'
import { builtInNames, readNetworkFile } from '../network-file'
import { findExperiment, openRecords } from '../records'
import { resumePlan, runPlan, type TrainOne } from '../run-plan'
import { trainRecorded } from './train'

const help = `
PLAN.json:
  {
    "name": "Rates and widths",
    "network": "reference",
    "config": { "epochs": 3, "limit": 12000 },
    "parameters": [
      { "target": { "type": "setting", "path": "learning_rate" },
        "domain": { "type": "log-uniform", "min": 1e-4, "max": 1e-2, "steps": 3 } },
      { "target": { "type": "layer", "layer": "conv1", "param": "out_channels" },
        "domain": { "type": "choice", "values": [8, 16, 25] } }
    ],
    "search": { "type": "grid" },
    "seeds": [1, 2, 3]
  }

"network" is a file beside the plan, or "reference"; "document" holds a network itself. Domains are choice, uniform,
log-uniform and integer; a grid takes "steps" values of a range. "search" may be
{ "type": "random", "count": 20, "seed": 1 }. "skip_unsound": true leaves out combinations that cannot be trained.
A sweep that was stopped or killed goes on with convscope sweep --resume last.
Exit codes: 0 all finished, 1 some failed, 2 bad input, 3 data or engine missing, 130 stopped by Ctrl+C.`

export function addSweep(program: Command, context: CliContext): void {
  program
    .command('sweep')
    .argument('[PLAN.json]', 'what is varied, and how')
    .option('--check', 'only say which runs that would be')
    .option('--resume <experiment>', 'go on with one that was interrupted: its id, the beginning of one, or "last"')
    .description('Train many runs with varied settings, one after another, and compare them.')
    .addHelpText('after', help)
    .action(async (file: string | undefined, flags: { check?: boolean; resume?: string }) => {
      if (flags.resume !== undefined) return goOn(flags.resume, file, context)
      if (file === undefined) {
        throw new AppError('invalid-input', 'No plan was given.', { fix: 'See convscope sweep --help.' })
      }
      const plan = readPlan(file)
      if (flags.check) check(plan, context)
      else await runPlan(plan, context, trainWith(context))
    })
}

function trainWith(context: CliContext): TrainOne {
  return ({ run, experiment, onRecorded, weights }) => {
    const { folder } = findDataset(run.config.dataset)
    return trainRecorded({ ...run, folder, weights, experiment }, context, onRecorded)
  }
}

async function goOn(name: string, file: string | undefined, context: CliContext): Promise<void> {
  if (file !== undefined) {
    throw new AppError('invalid-input', '--resume takes its plan from the experiment, not from a file.', {
      fix: `Run: convscope sweep --resume ${name}`,
    })
  }
  await resumePlan(findOne(name, context), context, trainWith(context))
}

function findOne(name: string, { output }: CliContext): Experiment {
  const records = openRecords(output)
  try {
    return findExperiment(records.experiments.list(), name)
  } finally {
    records.close()
  }
}

function check(plan: Plan, { output }: CliContext): void {
  const expanded = expandPlan(plan)
  for (const { values, problem } of expanded.combinations) {
    if (problem !== null) output.notice(`${describeCombination(plan, values)}: ${problem}`)
  }
  for (const { name, values, seed } of requireRuns(plan, expanded).runs) {
    output.object({ type: 'planned', name, values, seed })
    output.line(name)
  }
}

/** Throws `invalid-input` naming what is wrong with the plan, and as `readNetworkFile`. */
function readPlan(file: string): Plan {
  const raw = parse(new TextDecoder().decode(readInput(file)), file)
  const { network, ...rest } = raw
  const document = typeof network === 'string' ? readNetworkFile(place(network, file)) : raw.document
  const parsed = planSchema.safeParse({
    format: experimentFormat,
    version: 1,
    ...rest,
    document,
    config: raw.config ?? {},
  })
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'plan'}: ${issue.message}`)
  throw new AppError('invalid-input', `${file}: ${lines.join('; ')}.`, { fix: 'See convscope sweep --help.' })
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new AppError('invalid-input', `${file} is no JSON: ${String(error)}.`, { cause: error })
  }
  throw new AppError('invalid-input', `${file} holds no plan.`, { fix: 'See convscope sweep --help.' })
}

/** A network's file is meant as seen from the plan. */
function place(network: string, plan: string): string {
  return builtInNames.includes(network) ? network : resolve(dirname(plan), network)
}
