import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AppError } from '../../shared/errors'
import { expandPlan, formatPlanValue, type PlannedRun } from '../../shared/experiments/expand'
import { experimentFormat, planSchema, targetKey, type Plan } from '../../shared/experiments/plan'
import type { Spread } from '../../shared/experiments/statistics'
import { meanRows, trialRows, type TrialRow } from '../../shared/experiments/trial-rows'
import { requireRuns } from '../../shared/experiments/unsound'
import type { Experiment, Trial } from '../../shared/ipc/experiment-calls'
import type { NetworkDocument } from '../../shared/network/document'
import type { RunConfig } from '../../shared/training/config'
import { isInterrupted } from '../../shared/training/state'
import { givenWeights } from '../main/runs/given-weights'
import type { LastEvent } from '../trainer/train'
import type { CliContext } from './context'
import { exitCodes } from './exit-codes'
import { formatLoss, formatShare, formatTable } from './format'
import type { Output } from './output'
import { openRecords, type Records } from './records'
import { resumeRun } from './resume-run'

/** Trains one run of a plan under an experiment's id, and tells as soon as it is recorded. */
export type TrainOne = (job: {
  readonly run: Pick<PlannedRun, 'name' | 'document' | 'config'>
  readonly experiment: string
  /** What the experiment's other runs were given to begin with. */
  readonly weights: Uint8Array | undefined
  readonly onRecorded: (run: string) => void
}) => Promise<{ last: LastEvent }>

/**
 * Trains the runs of a plan one after another; a run that fails does not end it, Ctrl+C does. They are no queue: what has not
 * begun by then is not recorded, but `resumePlan` goes on with it.
 */
export async function runPlan(plan: Plan, context: CliContext, trainOne: TrainOne): Promise<void> {
  requireRuns(plan, expandPlan(plan))
  const experiment: Experiment = { id: randomUUID(), name: plan.name, plan, trials: [], createdAt: Date.now() }
  withRecords(context.output, ({ experiments }) => experiments.insert(experiment))
  await resumePlan(experiment, context, trainOne)
}

/** Goes on with an experiment that was interrupted: with the run that was at hand, then with those that never began. */
export async function resumePlan(
  { id, name, plan, trials }: Experiment,
  context: CliContext,
  trainOne: TrainOne,
): Promise<void> {
  const { output } = context
  const { runs } = requireRuns(plan, expandPlan(plan))
  output.object({ type: 'experiment', id, name, runs: runs.length })
  output.line(`Experiment ${id.slice(0, 8)}  ${name}, ${runs.length} runs`)
  const known = [...trials]
  const weights = weightsOf(trials, output)
  for (const [index, run] of runs.entries()) {
    const begun = known.find(({ combination, seed }) => combination === run.combination && seed === run.seed)
    const left = begun ? whatIsLeft(begun.run, output) : 'all'
    if (left === 'nothing') continue
    output.line()
    output.line(`${index + 1} of ${runs.length}`)
    const last = begun && left === 'rest' ? await goOn(begun.run) : await begin(run)
    if (last.type === 'failed') context.exitCode = exitCodes.failed
    if (last.type === 'stopped') {
      context.exitCode = exitCodes.interrupted
      break
    }
  }
  output.line()
  withRecords(output, (records) => {
    const experiment = records.experiments.get(id)
    if (experiment) showExperiment(experiment, records, output)
  })

  async function begin({ name: title, document, config, combination, values, seed }: PlannedRun): Promise<LastEvent> {
    function onRecorded(run: string): void {
      const before = known.findIndex((trial) => trial.combination === combination && trial.seed === seed)
      known.splice(before === -1 ? known.length : before, before === -1 ? 0 : 1, { run, combination, values, seed })
      withRecords(output, ({ experiments }) => experiments.setTrials(id, known))
    }
    const { last } = await trainOne({
      run: { name: title, document, config },
      experiment: id,
      weights,
      onRecorded,
    })
    return last
  }

  async function goOn(run: string): Promise<LastEvent> {
    const records = openRecords(output)
    try {
      return await resumeRun(run, undefined, { recorder: records.recorder, context })
    } finally {
      records.close()
    }
  }
}

/** What the first run that is left of them was given to begin with. */
function weightsOf(trials: readonly Trial[], output: Output): Uint8Array | undefined {
  return withRecords(output, ({ recorder }) => {
    const files = trials.map(({ run }) => givenWeights(recorder.folder(run)))
    const file = files.find((found) => found !== null)
    return file ? readFileSync(file) : undefined
  })
}

/** Of a run that has begun: all again where it was deleted, the rest where it was stopped or its program died. */
function whatIsLeft(id: string, output: Output): 'all' | 'rest' | 'nothing' {
  return withRecords(output, ({ recorder }) => {
    const state = recorder.list().find((run) => run.id === id)?.state
    if (!state) return 'all'
    return state.type === 'stopped' || isInterrupted(state) ? 'rest' : 'nothing'
  })
}

/** The runs of an experiment, and their means where it has several seeds. */
export function showExperiment(experiment: Experiment, { recorder, experiments }: Records, output: Output): void {
  const summaries = new Map(recorder.list().map((run) => [run.id, run]))
  const results = new Map(experiments.results(experiment.id).map((result) => [result.run, result]))
  const rows = trialRows(experiment, summaries, results)
  const names = experiment.plan.parameters.map(({ target }) => targetKey(target))
  for (const row of rows) output.object(trialObject(row, names))
  const head = ['run', ...names, 'seed', 'state', 'best val. loss', 'best val. accuracy', 'test accuracy']
  const cells = rows.map(({ key, values, seed, run, metrics }) => [
    key.slice(0, 8),
    ...values.map(formatPlanValue),
    String(seed),
    run?.state.type ?? 'deleted',
    formatLoss(metrics.bestLoss),
    formatShare(metrics.bestAccuracy),
    formatShare(metrics.testAccuracy),
  ])
  const numbers = [1, 3, 4, 5].map((column) => column + names.length)
  for (const line of formatTable(head, cells, numbers)) output.line(line)
  if (experiment.plan.seeds.length > 1) showMeans(rows, names, output)
}

function showMeans(rows: readonly TrialRow[], names: readonly string[], output: Output): void {
  const means = meanRows(rows)
  for (const { values, metrics, rows: members } of means) {
    output.object({ type: 'mean', values: named(names, values), runs: members.length, metrics })
  }
  const cells = means.map(({ values, metrics, rows: members }) => [
    ...values.map(formatPlanValue),
    String(members.length),
    plusMinus(metrics.bestLoss, formatLoss),
    plusMinus(metrics.bestAccuracy, formatShare),
    plusMinus(metrics.testAccuracy, formatShare),
  ])
  const numbers = [0, 1, 2, 3].map((column) => column + names.length)
  output.line()
  for (const line of formatTable([...names, 'runs', 'val. loss', 'val. accuracy', 'test accuracy'], cells, numbers))
    output.line(line)
}

function plusMinus(spread: Spread | null, format: (value: number) => string): string {
  if (!spread) return ''
  return spread.deviation === null ? format(spread.mean) : `${format(spread.mean)} ± ${format(spread.deviation)}`
}

function trialObject({ key, values, seed, run, metrics }: TrialRow, names: readonly string[]) {
  return { type: 'trial', run: key, state: run?.state.type ?? 'deleted', values: named(names, values), seed, metrics }
}

function named<Value>(names: readonly string[], values: readonly Value[]): Record<string, Value | undefined> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]))
}

/** `--seeds 1,2,3`, or `--repeats 3` from the configuration's own seed on. Throws `invalid-input`. */
export function readSeeds(flags: { readonly seeds?: string; readonly repeats?: string }, first: number): number[] {
  if (flags.seeds !== undefined && flags.repeats !== undefined) {
    throw new AppError('invalid-input', '--seeds and --repeats say the same in two ways.', { fix: 'Give one of them.' })
  }
  const seeds =
    flags.repeats === undefined
      ? (flags.seeds ?? String(first)).split(',').map(Number)
      : Array.from({ length: Number(flags.repeats) || 0 }, (_, index) => first + index)
  const parsed = planSchema.shape.seeds.safeParse(seeds)
  if (parsed.success) return parsed.data
  const flag = flags.repeats === undefined ? '--seeds' : '--repeats'
  throw new AppError('invalid-input', `${flag}: ${parsed.error.issues.map(({ message }) => message).join('; ')}.`, {
    fix: 'See convscope train --help.',
  })
}

/** The same run with several seeds. */
export function repeatPlan(
  { document, config, name }: { document: NetworkDocument; config: RunConfig; name?: string | undefined },
  seeds: number[],
): Plan {
  const base = { format: experimentFormat, version: 1, name: name ?? document.name, document, config } as const
  return { ...base, parameters: [], search: { type: 'grid' }, seeds, skip_unsound: false }
}

function withRecords<Result>(output: Output, work: (records: Records) => Result): Result {
  const records = openRecords(output)
  try {
    return work(records)
  } finally {
    records.close()
  }
}
