import { Option, type Command } from 'commander'
import { dirname } from 'node:path'
import { requireSound } from '../../../shared/network/analyze'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { projectFiles } from '../../exchange/pytorch-project/contents'
import { writeFiles } from '../../exchange/write-files'
import { loadWeights } from '../../trainer/load-weights'
import type { CliContext } from '../context'
import { writeOutput } from '../files'
import { findRun, openRecords, requireCheckpoint } from '../records'

const help = `
Examples:
  convscope export last --format safetensors --output weights.safetensors
  convscope export last --format pytorch-project --output my-run

pytorch-project is a folder (or a .zip, where the output ends so) with a PyTorch program that continues the run.

Names and layouts are PyTorch's: <layer id>.weight, .bias, .running_mean, .running_var; in Python:
  model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))`

export function addExport(program: Command, { output }: CliContext): void {
  program
    .command('export')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .addOption(
      new Option('--format <name>', 'file format').choices(['safetensors', 'pytorch-project']).default('safetensors'),
    )
    .requiredOption('--output <file>', 'the file, or the folder of a project')
    .description('Write the newest weights of a run into a file, or the whole run as a PyTorch project.')
    .addHelpText('after', help)
    .action((name: string, flags: { output: string; format: string }) => {
      const records = openRecords(output)
      try {
        const { recorder } = records
        const run = findRun(recorder, name)
        const checkpoint = requireCheckpoint(recorder, run)
        const { document } = recorder.get(run.id)
        if (flags.format === 'pytorch-project') {
          const source = readCheckpointSource(dirname(checkpoint))
          writeFiles(flags.output, projectFiles({ name: run.name, document, config: run.config, checkpoint: source }))
          output.object({ type: 'exported', id: run.id, format: flags.format, output: flags.output })
          output.line(`PyTorch project of run ${run.id.slice(0, 8)} written to ${flags.output}`)
          if (!source.optimizer)
            output.notice('This checkpoint keeps no optimizer state: the project begins with a new one.')
          return
        }
        const weights = loadWeights(requireSound(document), checkpoint)
        writeOutput(flags.output, writeSafetensors(weights, { network: run.networkName, run: run.id }))
        output.object({ type: 'exported', id: run.id, format: flags.format, output: flags.output })
        output.line(`${weights.size} tensors of run ${run.id.slice(0, 8)} written to ${flags.output}`)
      } finally {
        records.close()
      }
    })
}
