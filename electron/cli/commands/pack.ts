import { Option, type Command } from 'commander'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import { packedCheckpoints } from '../../../shared/ipc/exchange-calls'
import { createRunFiles, type RunFiles } from '../../main/runs/run-files'
import type { ArchiveWatch } from '../../exchange/archives'
import { openRunFile } from '../../exchange/run-file/open'
import { packRun } from '../../exchange/run-file/pack'
import type { CliContext } from '../context'
import { formatCount } from '../format'
import { appVersion, findRun, openRecords, type Records } from '../records'
import { showProgress } from '../show-progress'

const words = {
  tag: 'imported',
  origin: 'Opened from {file}, written on {date} by Convscope {version}.',
  copy: '{name} (copy)',
}

function runFilesOf({ storage, recorder }: Records): RunFiles {
  const archives = { pack: packRun, open: openRunFile }
  return createRunFiles({ storage, recorder, archives, appVersion: appVersion(), words: () => words })
}

/** Has `work` end where the person interrupts it. */
async function watched<Result>(
  { output, onInterrupt }: CliContext,
  what: string,
  work: (watch: ArchiveWatch) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController()
  const release = onInterrupt(() => stop.abort())
  try {
    return await work({ onProgress: (progress) => showProgress(output, what, progress), signal: stop.signal })
  } finally {
    release()
    output.status('')
  }
}

interface PackFlags {
  readonly output: string
  readonly checkpoints: (typeof packedCheckpoints)[number]
  readonly optimizer: boolean
}

export function addPack(program: Command, context: CliContext): void {
  const { output } = context
  program
    .command('pack')
    .argument('<RUN>', 'id, the beginning of one, or "last"')
    .requiredOption('--output <F.convscope>', 'where the file goes')
    .addOption(
      new Option('--checkpoints <which>', 'weights of the newest moment, or of all that are kept')
        .choices(packedCheckpoints)
        .default('all'),
    )
    .option('--no-optimizer', 'leave out the optimizer’s state; training cannot go on from the file then')
    .description('Write a run as one file: network, settings, metrics, weights.')
    .addHelpText('after', '\nExamples:\n  convscope pack last --output lesson.convscope --checkpoints newest')
    .action(async (name: string, flags: PackFlags) => {
      const records = openRecords(output)
      try {
        const run = findRun(records.recorder, name)
        const { checkpoints, optimizer } = flags
        const target = resolve(flags.output)
        await watched(context, 'Packing', (watch) =>
          runFilesOf(records).pack(run.id, { checkpoints, optimizer }, target, watch),
        )
        const { size: bytes } = statSync(target)
        output.object({ type: 'packed', id: run.id, output: flags.output, bytes })
        output.line(`Run ${run.id.slice(0, 8)} written to ${flags.output} (${formatCount(bytes)} bytes)`)
      } finally {
        records.close()
      }
    })
}

export function addUnpack(program: Command, context: CliContext): void {
  const { output } = context
  program
    .command('unpack')
    .argument('<F.convscope>', 'a run file')
    .option('--copy', 'also where the run is here already')
    .description('Take a run file in among the runs.')
    .addHelpText('after', '\nExamples:\n  convscope unpack lesson.convscope\n  convscope show last')
    .action(async (file: string, flags: { copy?: boolean }) => {
      const records = openRecords(output)
      try {
        const opened = await watched(context, 'Opening', (watch) =>
          runFilesOf(records).open(resolve(file), flags.copy ?? false, watch),
        )
        const { id, name } = opened.run
        if (opened.type === 'exists') {
          throw new AppError('invalid-input', `The run "${name}" of ${file} is here already.`, {
            fix: 'Open it as a copy with --copy.',
            params: { id, name },
          })
        }
        output.object({ type: 'unpacked', id, name })
        output.line(`Run ${id.slice(0, 8)}  ${name}`)
      } finally {
        records.close()
      }
    })
}
