import type { MessageEvent } from 'electron'
import { z } from 'zod'
import { toWire } from '../../shared/errors'
import { exportFormats } from '../../shared/exports/exports'
import type { ExporterEvent, ExportJob } from '../../shared/exports/messages'
import { networkDocumentSchema } from '../../shared/network/document'
import { runConfigSchema } from '../../shared/training/config'
import { runExport } from './run-export'

// A program in a process of its own: told what to export, it does that and ends. Libraries that read other formats may die
// on a damaged file, and here that harms nothing else; cancelling is ending the process.
const port = process.parentPort

/** Time for the last message to reach the main process. */
const farewellMs = 100

const jobSchema = z.strictObject({
  format: z.enum(exportFormats),
  document: networkDocumentSchema,
  weights: z.string().nullable(),
  config: runConfigSchema,
  metrics: z.custom<ExportJob['metrics']>((value) => typeof value === 'object'),
  project: z.strictObject({ checkpoint: z.string(), zip: z.boolean() }).nullable(),
  dataFolder: z.string().nullable(),
  target: z.string().min(1),
  about: z.strictObject({ run: z.string(), moment: z.string(), version: z.string() }),
}) satisfies z.ZodType<ExportJob>

function say(event: ExporterEvent): void {
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

async function obey({ data }: MessageEvent): Promise<void> {
  const job = jobSchema.parse(data)
  const made = await runExport(job, (phase, done) => say({ type: 'progress', progress: { phase, done } }))
  say({ type: 'done', result: made })
  end(0)
}

process.on('uncaughtException', giveUp)
process.on('unhandledRejection', giveUp)
port.on('message', (event) => void obey(event).catch(giveUp))
