import type { Command } from 'commander'
import type { RunDetail, RunSummary, StepColumns } from '../../../shared/ipc/contract'
import type { RunState } from '../../../shared/training/state'
import type { CliContext } from '../context'
import { formatCount, formatLoss, formatSeconds, formatShare, formatTable, formatTime } from '../format'
import type { Output } from '../output'
import { findRun, openRecords } from '../records'

export function addRuns(program: Command, { output }: CliContext): void {
  program
    .command('runs')
    .description('List the recorded runs, the newest first.')
    .addHelpText('after', '\nExamples:\n  convscope runs\n  convscope runs --json')
    .action(() => {
      const records = openRecords(output)
      try {
        showList(records.recorder.list(), output)
      } finally {
        records.close()
      }
    })
}

export function addShow(program: Command, { output }: CliContext): void {
  program
    .command('show')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .option('--steps', 'the loss of every step as well')
    .description('Show one run: configuration, epochs, test result.')
    .addHelpText('after', '\nExamples:\n  convscope show last\n  convscope show 3f2a --steps --json')
    .action((name: string, flags: { steps?: boolean }) => {
      const records = openRecords(output)
      try {
        const { recorder } = records
        const { id } = findRun(recorder, name)
        showRun(recorder.get(id), recorder.checkpoint(id), output)
        if (flags.steps) showSteps(recorder.steps(id), output)
      } finally {
        records.close()
      }
    })
}

function showList(runs: readonly RunSummary[], output: Output): void {
  for (const run of runs) output.object({ type: 'run', ...run })
  if (runs.length === 0) {
    output.line('There are no runs yet. Begin one with convscope train.')
    return
  }
  const rows = runs.map((run) => [
    run.id.slice(0, 8),
    formatTime(run.createdAt),
    run.name,
    run.config.dataset,
    run.state.type,
    `${run.lastEpoch?.epoch ?? 0}/${run.config.epochs}`,
    formatShare(run.lastEpoch?.validation?.accuracy),
    formatShare(testOf(run.state)?.accuracy),
  ])
  const head = ['run', 'begun', 'name', 'data', 'state', 'epochs', 'validation', 'test']
  for (const line of formatTable(head, rows, [5, 6, 7])) output.line(line)
}

function showRun(run: RunDetail, checkpoint: string | null, output: Output): void {
  output.object({ type: 'run', ...run, checkpoint })
  const { config, engine, state } = run
  const test = testOf(state)
  const facts: [string, string][] = [
    ['Run', run.id],
    ['Name', run.name],
    ['Network', run.networkName],
    ['Begun', formatTime(run.createdAt)],
    ['State', state.type],
    ['Data', config.limit === null ? config.dataset : `${config.dataset}, the first ${formatCount(config.limit)}`],
    ['Engine', engine === null ? '' : `${engine.version} on ${engine.device}`],
    ['Batch size', formatCount(config.batch_size)],
    ['Optimizer', `${config.optimizer.type}, learning rate ${config.learning_rate}, ${config.schedule.type}`],
    ['Loss', config.loss.type],
    ['Seed', String(config.seed)],
    ['Weights', checkpoint ?? 'none'],
    ['Test', test ? `loss ${formatLoss(test.loss)}, accuracy ${formatShare(test.accuracy)}` : ''],
    ['Error', state.type === 'failed' ? `${state.error.message} ${state.error.fix}`.trim() : ''],
  ]
  for (const [label, text] of facts) if (text !== '') output.line(`${label.padEnd(12)}${text}`)
  if (run.epochs.length === 0) return
  const rows = run.epochs.map(({ epoch, train, validation, learningRate, imagesPerSecond, trainSeconds }) => [
    `${epoch}/${config.epochs}`,
    formatLoss(train.loss),
    formatShare(train.accuracy),
    formatLoss(validation?.loss),
    formatShare(validation?.accuracy),
    learningRate.toPrecision(3),
    formatCount(imagesPerSecond),
    formatSeconds(trainSeconds),
  ])
  const head = ['epoch', 'loss', 'accuracy', 'val. loss', 'val. accuracy', 'rate', 'images/s', 'time']
  output.line()
  for (const line of formatTable(head, rows, [0, 1, 2, 3, 4, 5, 6, 7])) output.line(line)
}

function showSteps({ step, loss, learningRate }: StepColumns, output: Output): void {
  output.line()
  output.line('step  loss  learning rate')
  step.forEach((number, index) => {
    output.object({ type: 'step', step: number, loss: loss[index], learningRate: learningRate[index] })
    output.line(`${number}  ${loss[index]?.toPrecision(6)}  ${learningRate[index]?.toPrecision(6)}`)
  })
}

function testOf(state: RunState) {
  return state.type === 'finished' ? state.test : null
}
