import type { MessageEvent } from 'electron'
import { z } from 'zod'
import type { ArchiveProgress } from '../../shared/ipc/archive-progress'
import type { ArchiveCommand, ArchiveEvent, Archives, PackJob } from '../exchange/archives'
import { toWire } from '../../shared/errors'
import { packedRunSchema } from '../exchange/run-file/manifest'
import { openRunFile } from '../exchange/run-file/open'
import { packRun } from '../exchange/run-file/pack'
import type { RecoveryProgress } from '../../shared/ipc/recovery-progress'
import { unpackBackup } from '../main/db/backup/unpack'
import { writeBackup } from '../main/db/backup/write'
import { putRight, type RecoverCommand, type RecoverEvent } from '../main/db/recover/job'

// A program in a process of its own: told which archive to write or to read, or which database to put right, it does that and
// ends. Cancelling is ending it.
const port = process.parentPort

/** Time for the last message to reach the main process. */
const farewellMs = 100
/** Progress is told at most so often. */
const progressMs = 100

const path = z.string().min(1)
const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('pack'),
    job: z.strictObject({
      target: path,
      run: packedRunSchema,
      epochs: z.custom<PackJob['epochs']>(Array.isArray),
      steps: z.custom<PackJob['steps']>((value) => typeof value === 'object'),
      folder: path,
      appVersion: z.string(),
      checkpoints: z.enum(['newest', 'all']),
      optimizer: z.boolean(),
    }),
  }),
  z.strictObject({
    type: z.literal('open'),
    job: z.strictObject({ file: path, into: path, taken: z.array(z.string()) }),
  }),
  z.strictObject({
    type: z.literal('backup'),
    job: z.strictObject({
      target: path,
      home: path,
      snapshot: path,
      folders: z.boolean(),
      appVersion: z.string(),
      schema: z.int(),
      runs: z.int(),
    }),
  }),
  z.strictObject({ type: z.literal('unpack'), job: z.strictObject({ file: path, into: path }) }),
  z.strictObject({ type: z.literal('recover'), home: path }),
]) satisfies z.ZodType<ArchiveCommand | RecoverCommand>

function say(event: ArchiveEvent | RecoverEvent): void {
  port.postMessage(event)
}

function end(code: number): void {
  setTimeout(() => process.exit(code), farewellMs)
}

function giveUp(error: unknown): void {
  console.error(error)
  say({ type: 'failed', error: toWire(error) })
  end(1)
}

/** The first at once, and then no more than a bar can show. */
function sparingly<Progress>(tell: (progress: Progress) => void): (progress: Progress) => void {
  let told = -Infinity
  return (progress) => {
    if (performance.now() - told < progressMs) return
    told = performance.now()
    tell(progress)
  }
}

function work({ type, job }: ArchiveCommand): Promise<Awaited<ReturnType<Archives[keyof Archives]>>> {
  const watch = { onProgress: sparingly((progress: ArchiveProgress) => say({ type: 'progress', progress })) }
  switch (type) {
    case 'pack':
      return packRun(job, watch)
    case 'open':
      return openRunFile(job, watch)
    case 'backup':
      return writeBackup(job, watch)
    case 'unpack':
      return unpackBackup(job, watch)
  }
}

async function obey({ data }: MessageEvent): Promise<void> {
  const command = commandSchema.parse(data)
  if (command.type === 'recover') {
    const tell = sparingly((progress: RecoveryProgress) => say({ type: 'progress', progress }))
    say({ type: 'done', result: putRight(command, tell) })
  } else {
    say({ type: 'done', result: await work(command) })
  }
  end(0)
}

process.on('uncaughtException', giveUp)
process.on('unhandledRejection', giveUp)
port.on('message', (event) => void obey(event).catch(giveUp))
