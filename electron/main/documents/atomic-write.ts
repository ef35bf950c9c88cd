import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'

/** What writing a file asks of the disk, so that tests can break any of it. */
export interface WriteFiles {
  /** Where a path leads in the end; the path itself where nothing is there yet. */
  resolve(path: string): string
  /** Permission bits of the file that is replaced; null where there is none. */
  mode(path: string): number | null
  /** Returns when the bytes are on the disk, not only in its cache. */
  write(path: string, bytes: Uint8Array, mode: number | null): void
  rename(from: string, to: string): void
  syncFolder(path: string): void
  remove(path: string): void
}

export const diskFiles: WriteFiles = {
  resolve(path) {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  },
  mode: (path) => statSync(path, { throwIfNoEntry: false })?.mode ?? null,
  write(path, bytes, mode) {
    const file = openSync(path, 'w')
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      if (mode !== null) fchmodSync(file, mode & 0o777)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
  rename: renameSync,
  syncFolder(path) {
    // Windows keeps names by itself and opens no folders.
    if (process.platform === 'win32') return
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  },
  remove: (path) => rmSync(path, { force: true }),
}

/**
 * Puts `content` in place of a file, all of it or nothing: whenever the computer stops, the file holds either what it held
 * before or what it holds now. A link keeps leading where it led. Throws `disk-full`, `permission-denied` and the like, naming
 * the file, which is then unchanged.
 */
export function writeAtomically(path: string, content: string | Uint8Array, files: WriteFiles = diskFiles): void {
  const target = files.resolve(path)
  const unfinished = join(dirname(target), `.${basename(target)}.part`)
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    files.write(unfinished, bytes, files.mode(target))
    files.rename(unfinished, target)
    files.syncFolder(dirname(target))
  } catch (error) {
    removeQuietly(files, unfinished)
    throw explain(error, path)
  }
}

function removeQuietly(files: WriteFiles, path: string): void {
  try {
    files.remove(path)
  } catch {
    // Left behind: it is in nobody's way, and the error that matters is another.
  }
}

function explain(error: unknown, path: string): AppError {
  const { kind, message } = toWire(error)
  const fixes: Partial<Record<typeof kind, string>> = {
    'disk-full': 'Make room on the disk, or save to another one.',
    'permission-denied': 'Save it under another name or in another folder.',
    'not-found': 'The folder is gone; save it in another one.',
  }
  return new AppError(kind, `${path} could not be written: ${message}`, {
    fix: fixes[kind] ?? 'Save it in another folder.',
    params: { path, detail: message },
    cause: error,
  })
}
