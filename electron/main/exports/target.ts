import { existsSync, fsyncSync, openSync, closeSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exportExtensions, exportFolderFiles, type TargetProblem } from '../../../shared/exports/exports'
import { AppError, toWire } from '../../../shared/errors'
import type { ExportWish } from './export-job'

/** Where an export is made before it takes its place: beside it, so that renaming is one step of the file system. */
export function unfinishedPath(target: string): string {
  return join(dirname(target), `.${basename(target)}.part`)
}

/**
 * Refuses what an export would have to harm to take its place: a folder where a file goes, or one that holds other files
 * than an earlier export's. Throws `invalid-input` naming it, or `not-found` where the folder around is missing.
 */
export function checkTarget({ format, zip }: Pick<ExportWish, 'format' | 'zip'>, target: string): void {
  const around = dirname(target)
  if (!existsSync(around)) {
    throw new AppError('not-found', `The folder ${around} does not exist.`, {
      fix: 'Choose another one.',
      params: { path: around, problem: 'no-folder' satisfies TargetProblem },
    })
  }
  const found = statSync(target, { throwIfNoEntry: false })
  if (!found) return
  const own = exportFolderFiles[format]
  if (exportExtensions[format] !== null || zip) {
    if (!found.isDirectory()) return
    throw new AppError('invalid-input', `${target} is a folder, not a file.`, {
      fix: 'Choose another name.',
      params: { path: target, problem: 'is-folder' satisfies TargetProblem },
    })
  }
  const foreign = found.isDirectory() ? readdirSync(target).find((name) => !own?.includes(name)) : basename(target)
  if (foreign === undefined) return
  throw new AppError('invalid-input', `${target} holds other files (${foreign}), which an export does not replace.`, {
    fix: 'Choose a new or an empty folder.',
    params: { path: target, file: foreign, problem: 'other-files' satisfies TargetProblem },
  })
}

/** Puts what was made in its place: the whole of it or, on an error, what was there before. Throws naming the target. */
export function putInPlace(unfinished: string, target: string): void {
  const old = join(dirname(target), `.${basename(target)}.old`)
  try {
    const replaces = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true
    // A folder cannot be renamed onto another one that holds files.
    if (replaces) {
      rmSync(old, { recursive: true, force: true })
      renameSync(target, old)
    }
    try {
      renameSync(unfinished, target)
    } catch (error) {
      if (replaces) renameSync(old, target)
      throw error
    }
    syncFolder(dirname(target))
    rmSync(old, { recursive: true, force: true })
  } catch (error) {
    const { kind, message } = toWire(error)
    throw new AppError(kind, `${target} could not be written: ${message}`, {
      fix: 'Choose another folder.',
      params: { path: target, detail: message },
      cause: error,
    })
  }
}

function syncFolder(path: string): void {
  // Windows keeps names by itself and opens no folders.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
