import { join } from 'node:path'
import { z } from 'zod'
import { AppError, toWire } from '../../shared/errors'
import { networkDocumentSchema } from '../../shared/network/document'
import { runConfigSchema } from '../../shared/training/config'
import { diskFiles, type RunFiles } from './files'
import { replaceFile } from './write-folder'

const runFileName = 'run.json'

const runFileSchema = z.object({
  format: z.literal('convscope.run'),
  version: z.literal(1),
  id: z.uuid(),
  name: z.string(),
  /** Unix milliseconds. */
  createdAt: z.number(),
  document: networkDocumentSchema,
  config: runConfigSchema,
  parent: z.object({ run: z.string(), checkpoint: z.string() }).nullable(),
})

/** What a run is, kept in its own folder, so that the folder alone is enough to find it again. */
export type RunFile = Omit<z.infer<typeof runFileSchema>, 'format' | 'version'>

/** All of it or nothing. Throws what the disk throws. */
export function writeRunFile(runFolder: string, run: RunFile, files: RunFiles = diskFiles): void {
  const { id, name, createdAt, document, config, parent } = run
  const content = { format: 'convscope.run', version: 1, id, name, createdAt, document, config, parent }
  replaceFile(runFolder, runFileName, Buffer.from(`${JSON.stringify(content, null, 2)}\n`), files)
}

/** Throws `not-found` or `data-corrupt` naming the file. */
export function readRunFile(runFolder: string, files: RunFiles = diskFiles): RunFile {
  const file = join(runFolder, runFileName)
  try {
    const { id, name, createdAt, document, config, parent } = runFileSchema.parse(
      JSON.parse(new TextDecoder().decode(files.read(file))),
    )
    return { id, name, createdAt, document, config, parent }
  } catch (error) {
    const { kind, message } = toWire(error)
    const missing = kind === 'not-found'
    throw new AppError(
      missing ? kind : 'data-corrupt',
      missing ? `There is no ${file}.` : `${file} is damaged: ${message}`,
      {
        params: { source: file, detail: message },
        cause: error,
      },
    )
  }
}
