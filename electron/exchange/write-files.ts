import { zipSync, type Zippable } from 'fflate'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AppError, toWire } from '../../shared/errors'

/** Tensors hardly get smaller by packing. */
const stored = new Set(['.safetensors'])

/**
 * Writes files into a new folder, or into one zip file where `target` ends in `.zip`: all of them or nothing. In the zip they
 * lie in a folder of its name. Throws `invalid-input` where the folder holds files already, and what the disk throws.
 */
export function writeFiles(target: string, files: ReadonlyMap<string, Uint8Array>): void {
  const full = resolve(target)
  const unfinished = join(dirname(full), `.${basename(full)}.${randomUUID()}.part`)
  try {
    if (extname(full).toLowerCase() === '.zip') {
      writeFileSync(unfinished, packed(basename(full, extname(full)), files))
    } else {
      if (existsSync(full)) refuseFull(full)
      for (const [path, bytes] of files) {
        mkdirSync(dirname(join(unfinished, path)), { recursive: true })
        writeFileSync(join(unfinished, path), bytes)
      }
      if (existsSync(full)) rmdirSync(full)
    }
    renameSync(unfinished, full)
  } catch (error) {
    removeQuietly(unfinished)
    if (error instanceof AppError) throw error
    const { kind, message } = toWire(error)
    throw new AppError(kind, `${full} cannot be written: ${message}`, {
      fix: 'Choose another place.',
      params: { target: full, detail: message },
      cause: error,
    })
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // The error that matters is another.
  }
}

function refuseFull(folder: string): void {
  if (readdirSync(folder).length === 0) return
  throw new AppError('invalid-input', `The folder ${folder} is there already and holds files.`, {
    fix: 'Name a folder that is new or empty.',
    params: { target: folder },
  })
}

function packed(folder: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const content: Zippable = {}
  for (const [path, bytes] of files) {
    content[`${folder}/${path}`] = [bytes, { level: stored.has(extname(path)) ? 0 : 6 }]
  }
  return zipSync(content)
}
