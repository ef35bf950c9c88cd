import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, toWire } from '../../shared/errors'

/** Writes parts one behind the other; returns when they are on the disk. Throws naming the file. */
export function writeParts(path: string, parts: readonly Uint8Array[]): void {
  try {
    const file = openSync(path, 'w')
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) at += writeSync(file, part, at)
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw cannotWrite(error, path)
  }
}

export function writeText(path: string, text: string): void {
  writeParts(path, [new TextEncoder().encode(text)])
}

export function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    throw cannotWrite(error, path)
  }
}

/** A copy of the whole file, aligned. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(path))
}

/** Bytes of a file, or of all files of a folder. */
export function sizeOf(path: string): number {
  const found = statSync(path)
  if (!found.isDirectory()) return found.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function cannotWrite(error: unknown, path: string): AppError {
  const { kind, message } = toWire(error)
  const fixes: Partial<Record<typeof kind, string>> = {
    'disk-full': 'Make room on the disk, or export to another one.',
    'permission-denied': 'Choose another folder.',
    'not-found': 'The folder is gone; choose another one.',
  }
  return new AppError(kind, `${path} could not be written: ${message}`, {
    fix: fixes[kind] ?? 'Choose another folder.',
    params: { path, detail: message },
    cause: error,
  })
}
