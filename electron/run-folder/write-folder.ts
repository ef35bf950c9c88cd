import { join } from 'node:path'
import { toWire } from '../../shared/errors'
import type { RunFiles } from './files'

export type FileContent = readonly [name: string, bytes: Uint8Array]

/**
 * Writes a folder of files, all of it or nothing, in place of one of the same name: the files are made in a temporary folder
 * beside it and flushed to the disk, and that folder then takes its name. Throws what the disk throws; what was there stays.
 */
export function writeFolder(parent: string, name: string, content: readonly FileContent[], files: RunFiles): void {
  const target = join(parent, name)
  const unfinished = join(parent, `.${name}.part`)
  const outdated = join(parent, `.${name}.old`)
  try {
    files.makeFolder(parent)
    files.remove(unfinished)
    files.makeFolder(unfinished)
    for (const [file, bytes] of content) files.write(join(unfinished, file), bytes)
    files.syncFolder(unfinished)
    setAside(files, target, outdated)
    files.rename(unfinished, target)
    files.syncFolder(parent)
    removeQuietly(files, outdated)
  } catch (error) {
    removeQuietly(files, unfinished)
    throw error
  }
}

/** Puts one file in place of another, all of it or nothing. */
export function replaceFile(folder: string, name: string, bytes: Uint8Array, files: RunFiles): void {
  const unfinished = join(folder, `.${name}.part`)
  try {
    files.makeFolder(folder)
    files.remove(unfinished)
    files.write(unfinished, bytes)
    files.rename(unfinished, join(folder, name))
    files.syncFolder(folder)
  } catch (error) {
    removeQuietly(files, unfinished)
    throw error
  }
}

/** A folder cannot be renamed onto another one that holds files. */
function setAside(files: RunFiles, target: string, aside: string): void {
  files.remove(aside)
  try {
    files.rename(target, aside)
  } catch (error) {
    if (toWire(error).kind !== 'not-found') throw error
  }
}

export function removeQuietly(files: RunFiles, path: string): void {
  try {
    files.remove(path)
  } catch {
    // Left behind: it is in nobody's way, and the error that matters is another.
  }
}
