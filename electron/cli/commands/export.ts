import { InvalidArgumentError, Option, type Command } from 'commander'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import {
  exportExtensions,
  exportFormats,
  type ExportFormatId,
  type ExportMoment,
  type ExportProof,
} from '../../../shared/exports/exports'
import { findDataset } from '../../data/find-dataset'
import { readCheckpointSource } from '../../exchange/pytorch-project/checkpoint-source'
import { projectFiles } from '../../exchange/pytorch-project/contents'
import { writeFiles } from '../../exchange/write-files'
import { runExport } from '../../exporter/run-export'
import { createExportsRepository } from '../../main/db/repositories/exports'
import { differs } from '../../main/exports/differs'
import { exportJob } from '../../main/exports/export-job'
import { checkTarget, putInPlace, unfinishedPath } from '../../main/exports/target'
import type { CliContext } from '../context'
import { formatBar } from '../format'
import type { Output } from '../output'
import { appVersion, findRun, openRecords, requireCheckpoint, type Records } from '../records'
import { startEngine } from '../start-engine'

interface ExportFlags {
  readonly format: ExportFormatId | 'pytorch-project'
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

pytorch-project is a folder (or a .zip, where the output ends so) with a PyTorch program that continues the run.

The file is read back and its outputs are compared with the run's on 100 test pictures before it takes its place; the exit
code is 1 where they differ. ${folders} are folders. Pictures enter every network as (pixel / 255 - 0.5) / 0.5, float32. Names
and layouts of safetensors and npz are PyTorch's: <layer id>.weight, .bias, .running_mean, .running_var; in Python:
  model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))`

export function addExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .addOption(
      new Option('--format <name>', 'file format')
        .choices([...exportFormats, 'pytorch-project'])
        .default('safetensors'),
    )
    .option('--epoch <n|best>', 'whose weights; the newest otherwise', readMoment)
    .requiredOption('--output <file>', 'where it goes')
    .description('Write a run as another program’s file, and prove it.')
    .addHelpText('after', help)
    .action(async (name: string, flags: ExportFlags) => {
      const records = openRecords(context.output)
      try {
        const { format } = flags
        if (format === 'pytorch-project') exportProject(name, flags.output, records, context.output)
        else await exportRun(name, { ...flags, format }, records, context)
      } finally {
        records.close()
      }
    })
}

function exportProject(name: string, file: string, { recorder }: Records, output: Output): void {
  const run = findRun(recorder, name)
  const source = readCheckpointSource(dirname(requireCheckpoint(recorder, run)))
  const { document } = recorder.get(run.id)
  writeFiles(file, projectFiles({ name: run.name, document, config: run.config, checkpoint: source }))
  output.object({ type: 'exported', id: run.id, format: 'pytorch-project', output: file })
  output.line(`PyTorch project of run ${run.id.slice(0, 8)} written to ${file}`)
  if (!source.optimizer) output.notice('This checkpoint keeps no optimizer state: the project begins with a new one.')
}

function readMoment(text: string): ExportMoment {
  if (text === 'best') return { type: 'best' }
  if (/^\d{1,6}$/.test(text)) return { type: 'epoch', epoch: Number(text) }
  throw new InvalidArgumentError('Give the number of an epoch, or "best".')
}

async function exportRun(
  name: string,
  { format, epoch = { type: 'last' }, output: file }: ExportFlags & { readonly format: ExportFormatId },
  { recorder, storage }: Records,
  { output, onInterrupt }: CliContext,
): Promise<void> {
  const { id } = findRun(recorder, name)
  const target = resolve(file)
  checkTarget(format, target)
  const unfinished = unfinishedPath(target)
  const surroundings = { recorder, dataFolder: folderOf, version: appVersion() }
  const { job, moment } = await exportJob({ run: id, format, moment: epoch }, unfinished, surroundings)
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
}
