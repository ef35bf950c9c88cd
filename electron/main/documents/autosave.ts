import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError, toWire, type WireError } from '../../../shared/errors'
import type { Recovery } from '../../../shared/ipc/document-calls'
import type { NetworkDocument } from '../../../shared/network/document'
import { readNetwork } from '../../../shared/network/parse'
import { writeAtomically } from './atomic-write'

const recordSchema = z.strictObject({
  format: z.literal('convscope.autosave'),
  version: z.literal(1),
  savedAt: z.number(),
  /** The file that the design came from; null where it was never saved. */
  path: z.string().nullable(),
  /** What that file held then, so that a change by another program is noticed after a crash as well. */
  fingerprint: z.string().nullable(),
  document: z.unknown(),
})

export interface Unsaved {
  readonly path: string | null
  readonly fingerprint: string | null
  readonly document: NetworkDocument
}

export interface Autosave {
  /** Keeps a design that is not saved; replaces the one kept before. Throws where the disk does not take it. */
  keep(unsaved: Unsaved): void
  /** The design is saved or was given up. */
  clear(): void
  /** What the app had not saved when it last ended; it stays kept until `clear`. */
  recover(): { readonly recovery: Recovery; readonly fingerprint: string | null } | null
}

export function autosavePath(home: string): string {
  return join(home, 'autosave', 'design.json')
}

/** One file in the home folder, written as a whole or not at all. One that cannot be read is renamed aside, never deleted. */
export function createAutosave(home: string, now: () => number = Date.now): Autosave {
  const path = autosavePath(home)
  return {
    keep(unsaved) {
      mkdirSync(dirname(path), { recursive: true })
      const record = { format: 'convscope.autosave', version: 1, savedAt: now(), ...unsaved }
      writeAtomically(path, `${JSON.stringify(record)}\n`)
    },
    clear: () => rmSync(path, { force: true }),
    recover() {
      const text = readIfThere(path)
      if (text === null) return null
      try {
        const { savedAt, path: source, fingerprint, document } = recordSchema.parse(JSON.parse(text))
        const design = readNetwork(document, path)
        return { recovery: { type: 'restored', document: design, path: source, savedAt }, fingerprint }
      } catch (error) {
        return { recovery: { type: 'unreadable', error: setAside(path, error, now()) }, fingerprint: null }
      }
    },
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (toWire(error).kind === 'not-found') return null
    throw error
  }
}

function setAside(path: string, error: unknown, now: number): WireError {
  const aside = join(dirname(path), `unreadable-${now}.json`)
  renameSync(path, aside)
  const detail = error instanceof z.ZodError ? 'its form is not known' : toWire(error).message
  return toWire(
    new AppError('data-corrupt', `The unsaved design could not be read (${detail}). It was kept as ${aside}.`, {
      fix: 'Open the file in a text editor to rescue what is in it.',
      params: { path: aside, detail },
    }),
  )
}
