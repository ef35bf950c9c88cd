import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder, modules, readJson } from './paths.mjs'

/**
 * A folder of the cache that is either whole or not there: `fill` works beside it, and the result is renamed into place.
 * @param {string} name such as `electron/33.2.1`
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<string>}
 */
export async function cachedFolder(name, fill) {
  const folder = join(cacheFolder(), name)
  if (existsSync(folder)) return folder
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  await fill(partial)
  renameSync(partial, folder)
  return folder
}

/**
 * What set-up knows about a part in this checkout; gone together with node_modules.
 * @param {string} part
 * @returns {any}
 */
export function readStamp(part) {
  return readJson(stampPath(part))
}

/**
 * @param {string} part
 * @param {Record<string, unknown>} stamp
 */
export function writeStamp(part, stamp) {
  const path = stampPath(part)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.partial`, JSON.stringify(stamp, null, 2))
  renameSync(`${path}.partial`, path)
}

/** @param {string} part */
function stampPath(part) {
  return join(modules, '.cache', 'convscope', 'setup', `${part}.json`)
}
