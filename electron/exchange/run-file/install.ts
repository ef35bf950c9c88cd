import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { PackedRun } from './manifest'
import { diskFiles } from '../../run-folder/files'
import { writeRunFile } from '../../run-folder/run-file'

/**
 * Gives an unpacked run the folder that runs have, and then has `record` enter it into the database; where that throws, the
 * folder goes again. Throws `busy` where the folder is there already, and what the disk throws.
 */
export function installRun<Result>(
  { run, unpacked }: { readonly run: PackedRun; readonly unpacked: string },
  { id, name, folder }: { readonly id: string; readonly name: string; readonly folder: string },
  record: () => Result,
): Result {
  if (existsSync(folder)) throw new AppError('busy', `The folder ${folder} is there already.`, { params: { folder } })
  let installed = false
  try {
    writeRunFile(unpacked, { ...run, id, name, parent: null })
    renameSync(unpacked, folder)
    installed = true
    diskFiles.syncFolder(dirname(folder))
    return record()
  } catch (error) {
    rmSync(installed ? folder : unpacked, { recursive: true, force: true })
    throw error
  }
}
