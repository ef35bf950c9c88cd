import { createHash } from 'node:crypto'
import { createReadStream, rmSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { SetupError } from './errors.mjs'
import { shownPath } from './paths.mjs'

/**
 * The digest of a file in the form of `integrity` fields: algorithm, dash, base64.
 * @param {string} path
 * @param {string} algorithm
 */
export async function fileIntegrity(path, algorithm) {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return `${algorithm}-${hash.digest('base64')}`
}

/**
 * Compares a file with its pin. A file that differs is removed, so that the next try fetches it anew.
 * @param {string} path
 * @param {{ integrity: string, bytes: number }} pin
 * @returns {Promise<void>}
 */
export async function verifyFile(path, pin) {
  const bytes = statSync(path).size
  const algorithm = pin.integrity.slice(0, pin.integrity.indexOf('-'))
  const found = bytes === pin.bytes ? await fileIntegrity(path, algorithm) : `${bytes} bytes`
  if (found === pin.integrity) return
  rmSync(path, { force: true })
  throw new SetupError(
    `${shownPath(path)} is not the file it should be (expected ${pin.bytes} bytes, ${pin.integrity}; found ${found}). It was removed.`,
    'Run the command again. If it happens twice, your registry or proxy serves a changed file: check its settings.',
  )
}
