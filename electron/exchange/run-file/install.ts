import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { writeRunFile } from '../../run-folder/run-file'
import type { OpenedRun } from './open'

/**
 * Puts a run's files into `folder`, all of them or none, and then has `record` enter it into the database; where that throws,
 * the folder goes again. Throws `busy` where the folder is there already, and what the disk throws.
 */
export function installRun<Result>(
  { run, parts }: OpenedRun,
  { id, name, folder }: { readonly id: string; readonly name: string; readonly folder: string },
  record: () => Result,
): Result {
  const unfinished = join(dirname(folder), `.import-${randomUUID()}`)
  if (existsSync(folder)) throw new AppError('busy', `The folder ${folder} is there already.`, { params: { folder } })
  let installed = false
  try {
    mkdirSync(unfinished, { recursive: true })
    for (const [path, bytes] of parts) {
      mkdirSync(dirname(join(unfinished, path)), { recursive: true })
      writeFileSync(join(unfinished, path), bytes)
    }
    writeRunFile(unfinished, { ...run, id, name, parent: null })
    renameSync(unfinished, folder)
    installed = true
    return record()
  } catch (error) {
    rmSync(installed ? folder : unfinished, { recursive: true, force: true })
    throw error
  }
}
