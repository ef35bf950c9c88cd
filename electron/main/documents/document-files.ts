import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { AppError, toWire } from '../../../shared/errors'
import type { OpenedDocument } from '../../../shared/ipc/document-calls'
import type { NetworkDocument } from '../../../shared/network/document'
import { parseNetwork } from '../../../shared/network/parse'
import { writeAtomically } from './atomic-write'

/** Our own ending comes first; the others are read as well. */
export const documentExtensions = ['convscope', 'json'] as const
/** The largest network that anybody draws takes a few hundred kilobytes. */
const mostBytes = 32 * 2 ** 20

export interface DocumentFiles {
  /** Reads a network file. Throws `not-found`, `invalid-network`, `unsupported-version`, naming the file. */
  open(path: string): OpenedDocument
  /**
   * Writes a network to a file that was opened or chosen before; throws `permission-denied` for any other. Gives `changed`
   * and writes nothing where another program has changed the file since, unless `overwrite`.
   */
  save(path: string, document: NetworkDocument, overwrite: boolean): 'saved' | 'changed'
  /** A person chose this file in a dialog: it may be written to, whatever it holds. */
  allow(path: string): void
  fingerprint(path: string | null): string | null
  /** Takes up a file again after a crash. */
  restore(path: string, fingerprint: string | null): void
}

/** Network files, with the memory of what each one held when it was last read or written here. */
export function createDocumentFiles(): DocumentFiles {
  const known = new Map<string, string | null>()
  return {
    open(path) {
      const full = resolve(path)
      const text = readNetworkText(full)
      const document = parseNetwork(text, basename(full))
      known.set(full, hashOf(text))
      return { document, path: full }
    },
    save(path, document, overwrite) {
      const full = resolve(path)
      const before = known.get(full)
      if (before === undefined) {
        throw new AppError('permission-denied', `${full} was neither opened nor chosen to be written to.`)
      }
      if (!overwrite && before !== null && isChanged(full, before)) return 'changed'
      const text = documentText(document)
      writeAtomically(full, text)
      known.set(full, hashOf(text))
      return 'saved'
    },
    allow: (path) => void known.set(resolve(path), null),
    fingerprint: (path) => (path === null ? null : (known.get(resolve(path)) ?? null)),
    restore: (path, fingerprint) => void known.set(resolve(path), fingerprint),
  }
}

/** How a network is written: for people and version control to read, too. */
export function documentText(document: NetworkDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

function readNetworkText(path: string): string {
  try {
    const { size } = statSync(path)
    if (size > mostBytes)
      throw new AppError('invalid-network', `${basename(path)} is too large for a network (${size} bytes).`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof AppError) throw error
    const { kind, message } = toWire(error)
    const what = kind === 'not-found' ? 'is not there any more' : `cannot be read: ${message}`
    throw new AppError(kind, `${path} ${what}.`, { params: { path, detail: message }, cause: error })
  }
}

/** A file that was deleted meanwhile is no change: writing it again loses nothing. */
function isChanged(path: string, before: string): boolean {
  try {
    return hashOf(readFileSync(path, 'utf8')) !== before
  } catch (error) {
    return toWire(error).kind !== 'not-found'
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
