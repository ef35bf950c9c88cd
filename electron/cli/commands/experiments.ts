import type { Command } from 'commander'
import { targetKey } from '../../../shared/experiments/plan'
import type { Experiment } from '../../../shared/ipc/experiment-calls'
import type { CliContext } from '../context'
import { formatTable, formatTime } from '../format'
import type { Output } from '../output'
import { findExperiment, openRecords } from '../records'
import { showExperiment } from '../run-plan'

export function addExperiments(program: Command, { output }: CliContext): void {
  program
    .command('experiments')
    .argument('[EXPERIMENT]', 'id, the beginning of one, or "last": shows its runs')
    .description('List the experiments, or show the runs of one.')
    .addHelpText('after', '\nExamples:\n  convscope experiments\n  convscope experiments last --json')
    .action((name: string | undefined) => {
      const records = openRecords(output)
      try {
        const list = records.experiments.list()
        if (name === undefined) showList(list, output)
        else showExperiment(findExperiment(list, name), records, output)
      } finally {
        records.close()
      }
    })
}

function showList(list: readonly Experiment[], output: Output): void {
  for (const { id, name, plan, trials, createdAt } of list) {
    output.object({ type: 'experiment', id, name, createdAt, plan, trials })
  }
  if (list.length === 0) {
    output.line('There are no experiments yet. Begin one with convscope sweep, or in the window.')
    return
  }
  const rows = list.map(({ id, name, plan, trials, createdAt }) => [
    id.slice(0, 8),
    formatTime(createdAt),
    name,
    String(trials.length),
    plan.parameters.map(({ target }) => targetKey(target)).join(', ') || 'seeds',
  ])
  for (const line of formatTable(['experiment', 'begun', 'name', 'runs', 'varies'], rows, [3])) output.line(line)
}
