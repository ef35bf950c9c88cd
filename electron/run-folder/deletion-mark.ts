import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { diskFiles, type RunFiles } from './files'
import { replaceFile } from './write-folder'

const markName = 'deleted.json'
const markSchema = z.object({ deletedAt: z.int().min(0) })

/**
 * Notes in a run's own folder that the run was deleted, so that a database made anew from the folders does not bring it back.
 * Null takes that back. Nothing where the folder is missing. Throws what the disk throws.
 */
export function markDeleted(runFolder: string, deletedAt: number | null, files: RunFiles = diskFiles): void {
  if (deletedAt === null) files.remove(join(runFolder, markName))
  else if (existsSync(runFolder)) replaceFile(runFolder, markName, Buffer.from(JSON.stringify({ deletedAt })), files)
}

/** Unix milliseconds; null where the run was not deleted. A mark that is damaged still says that it was, just now. */
export function readDeletion(runFolder: string, files: RunFiles = diskFiles): number | null {
  if (!existsSync(join(runFolder, markName))) return null
  try {
    return markSchema.parse(JSON.parse(new TextDecoder().decode(files.read(join(runFolder, markName))))).deletedAt
  } catch {
    return Date.now()
  }
}
