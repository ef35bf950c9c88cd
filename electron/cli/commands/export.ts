import { InvalidArgumentError, Option, type Command } from 'commander'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import {
  exportExtensions,
  exportFormats,
  type ExportFormatId,
  type ExportMoment,
  type ExportProof,
} from '../../../shared/exports/exports'
import { findDataset } from '../../data/find-dataset'
import { runExport } from '../../exporter/run-export'
import { createExportsRepository } from '../../main/db/repositories/exports'
import { differs } from '../../main/exports/differs'
import { exportJob } from '../../main/exports/export-job'
import { checkTarget, putInPlace, unfinishedPath } from '../../main/exports/target'
import type { CliContext } from '../context'
import { formatBar } from '../format'
import type { Output } from '../output'
import { appVersion, findRun, openRecords, type Records } from '../records'
import { startEngine } from '../start-engine'

interface ExportFlags {
  readonly format: ExportFormatId
  readonly output: string
  readonly epoch?: ExportMoment
}

const folders = exportFormats.filter((format) => exportExtensions[format] === null).join(' and ')

const help = `
Examples:
  convscope export last --output weights.safetensors
  convscope export last --format onnx --epoch best --output network.onnx
  convscope export last --format csv --output curves.csv
  convscope export last --format pytorch-project --output my-run

pytorch-project is a folder (or a .zip, where the output ends so) with a PyTorch program that continues the run. It is run for
its proof where python3 has PyTorch (CONVSCOPE_PYTHON names another one); else only its weights are.

The file is read back and its outputs are compared with the run's on 100 test pictures before it takes its place; the exit
code is 1 where they differ. ${folders} are folders. Pictures enter every network as (pixel / 255 - 0.5) / 0.5, float32. Names
and layouts of safetensors and npz are PyTorch's: <layer id>.weight, .bias, .running_mean, .running_var; in Python:
  model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))`

export function addExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .addOption(new Option('--format <name>', 'file format').choices([...exportFormats]).default('safetensors'))
    .option('--epoch <n|best>', 'whose weights; the newest otherwise', readMoment)
    .requiredOption('--output <file>', 'where it goes')
    .description('Write a run as another program’s file, and prove it.')
    .addHelpText('after', help)
    .action(async (name: string, flags: ExportFlags) => {
      const records = openRecords(context.output)
      try {
        await exportRun(name, flags, records, context)
      } finally {
        records.close()
      }
    })
}

function readMoment(text: string): ExportMoment {
  if (text === 'best') return { type: 'best' }
  if (/^\d{1,6}$/.test(text)) return { type: 'epoch', epoch: Number(text) }
  throw new InvalidArgumentError('Give the number of an epoch, or "best".')
}

async function exportRun(
  name: string,
  { format, epoch = { type: 'last' }, output: file }: ExportFlags,
  { recorder, storage }: Records,
  { output, onInterrupt }: CliContext,
): Promise<void> {
  const { id } = findRun(recorder, name)
  const target = resolve(file)
  const zip = format === 'pytorch-project' && extname(target).toLowerCase() === '.zip'
  checkTarget({ format, zip }, target)
  const unfinished = unfinishedPath(target)
  const surroundings = { recorder, dataFolder: folderOf, version: appVersion() }
  const { job, moment } = await exportJob({ run: id, format, moment: epoch, zip }, unfinished, surroundings)
  let interrupted = false
  const ended = onInterrupt(() => (interrupted = true))
  try {
    // Loaded here first, where its greeting can be kept off the terminal.
    if (format !== 'csv') await startEngine('auto')
    const { proof, bytes } = await runExport(job, (phase, done) => {
      if (interrupted) throw new AppError('cancelled', 'The export was interrupted; nothing was written.')
      output.status(`${phase} ${formatBar(done)}`)
    })
    output.status('')
    if (proof.agrees) putInPlace(unfinished, target)
    const record = { id: randomUUID(), run: id, format, moment, path: target, bytes, createdAt: Date.now(), proof }
    createExportsRepository(storage.db).insert(record)
    if (!proof.agrees) throw differs(file, proof)
    output.object({ type: 'exported', id, format, moment, output: file, bytes, proof })
    tell(output, file, bytes, proof)
  } finally {
    ended()
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function folderOf(id: Parameters<typeof findDataset>[0]): string {
  return findDataset(id).folder
}

function tell(output: Output, file: string, bytes: number, proof: ExportProof): void {
  output.line(`${file} (${bytes} bytes)`)
  if (proof.type === 'unread') return
  if (proof.type === 'table') {
    output.line(`Read back: ${proof.steps} steps and ${proof.epochs} epochs, every value equal.`)
    return
  }
  const pictures = proof.source === 'test' ? 'test pictures' : 'pictures of noise'
  output.line(
    `Read back by ${proof.reader}: on ${proof.pictures} ${pictures} the outputs differ from ${proof.reference} by at most ` +
      `${proof.largestDifference.toExponential(1)} (the largest is ${proof.largestOutput.toPrecision(3)}).`,
  )
  if (!proof.project) return
  const { optimizerTensors, program } = proof.project
  output.line(
    optimizerTensors > 0
      ? `The optimizer's state (${optimizerTensors} tensors) is the checkpoint's, bit for bit.`
      : 'This checkpoint keeps no state of the optimizer: the project begins with a new one.',
  )
  if (program === null) output.line('No Python with PyTorch was found: the weights were run, the program was not.')
}
