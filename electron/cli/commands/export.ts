import { Option, type Command } from 'commander'
import { requireSound } from '../../../shared/network/analyze'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { loadWeights } from '../../trainer/load-weights'
import type { CliContext } from '../context'
import { writeOutput } from '../files'
import { findRun, openRecords, requireCheckpoint } from '../records'

const help = `
Examples:
  convscope export last --format safetensors --output weights.safetensors

Names and layouts are PyTorch's: <layer id>.weight, .bias, .running_mean, .running_var; in Python:
  model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))`

export function addExport(program: Command, { output }: CliContext): void {
  program
    .command('export')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .addOption(new Option('--format <name>', 'file format').choices(['safetensors']).default('safetensors'))
    .requiredOption('--output <file>', 'where the weights go')
    .description('Write the newest weights of a run into a file.')
    .addHelpText('after', help)
    .action((name: string, flags: { output: string; format: string }) => {
      const records = openRecords(output)
      try {
        const { recorder } = records
        const run = findRun(recorder, name)
        const checkpoint = requireCheckpoint(recorder, run)
        const weights = loadWeights(requireSound(recorder.get(run.id).document), checkpoint)
        writeOutput(flags.output, writeSafetensors(weights, { network: run.networkName, run: run.id }))
        output.object({ type: 'exported', id: run.id, format: flags.format, output: flags.output })
        output.line(`${weights.size} tensors of run ${run.id.slice(0, 8)} written to ${flags.output}`)
      } finally {
        records.close()
      }
    })
}
