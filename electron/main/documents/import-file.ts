import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import { mostImportBytes } from '../../../shared/import/source'
import type { ReadImportFile } from '../../../shared/ipc/document-calls'

/**
 * Reads a file that may hold a network of another program, whatever it is; one that is larger than `mostBytes` is not read.
 * Throws `not-found`, `permission-denied` or `invalid-input`, naming the file.
 */
export async function readImportFile(path: string, mostBytes = mostImportBytes): Promise<ReadImportFile> {
  const full = resolve(path)
  const name = basename(full)
  try {
    const stats = await stat(full)
    if (!stats.isFile()) throw new AppError('invalid-input', `${full} is not a file.`, { params: { path: full } })
    if (stats.size > mostBytes) return { type: 'too-large', name, size: stats.size, most: mostBytes }
    // A copy: what crosses to the window is the whole buffer behind an array, and Node's may hold more.
    return { type: 'read', name, bytes: new Uint8Array(await readFile(full)) }
  } catch (error) {
    if (error instanceof AppError) throw error
    const { kind, message } = toWire(error)
    const what = kind === 'not-found' ? 'is not there any more' : `cannot be read: ${message}`
    throw new AppError(kind, `${full} ${what}.`, { params: { path: full, detail: message }, cause: error })
  }
}
