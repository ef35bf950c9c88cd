import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { installDebian } from './debian.mjs'
import { SetupError } from './errors.mjs'
import { verifyFile } from './integrity.mjs'
import { cacheFolder } from './paths.mjs'
import { findCommand, orAdvise, run } from './run.mjs'

/** @typedef {{ integrity: string, bytes: number }} Pin */
/** @typedef {import('./progress.mjs').Progress} Progress */

/**
 * Fetches an npm package's archive with the user's own npm settings.
 * @param {Pin & { spec: string }} pin
 * @param {Progress} progress
 * @returns {Promise<string>} the archive in the cache, verified
 */
export function fetchFromNpm(pin, progress) {
  const name = `${pin.spec.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`
  return fetchInto(name, pin, `download ${pin.spec} from npm`, progress, async (folder, onTick) => {
    const args = ['pack', pin.spec, '--pack-destination', folder, '--cache', join(folder, 'npm'), '--ignore-scripts']
    await orAdvise(
      `npm could not fetch ${pin.spec}`,
      'Check the network and the npm registry setting (npm config get registry), then run the command again.',
      () => run('npm', args, { cwd: folder, onTick }),
    )
  })
}

/**
 * Fetches a wheel with the user's own pip settings; the Python that runs pip need not be the wheel's.
 * @param {Pin & { spec: string, file: string, python: string, platform: string }} pin
 * @param {Progress} progress
 * @returns {Promise<string>} the wheel in the cache, verified
 */
export function fetchFromPyPI(pin, progress) {
  return fetchInto(pin.file, pin, `download ${pin.spec} from PyPI`, progress, async (folder, onTick) => {
    const python = await requirePip(progress)
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir']
    args.push('--disable-pip-version-check', '--progress-bar', 'off', '--dest', folder)
    args.push('--implementation', 'cp', '--python-version', pin.python, '--abi', `cp${pin.python}`)
    args.push('--platform', pin.platform, pin.spec)
    await orAdvise(
      `pip could not fetch ${pin.spec}`,
      'Check the network and the index setting (python3 -m pip config list), then run the command again.',
      () => run(python, args, { cwd: folder, env: { TMPDIR: folder }, onTick }),
    )
  })
}

/** @param {Progress} progress */
async function requirePip(progress) {
  const found = await findPip()
  if (found) return found
  await installDebian(['python3-pip'], 'TensorFlow comes from PyPI, and there is no pip to fetch it with', progress)
  return (await findPip()) ?? '/usr/bin/python3'
}

async function findPip() {
  for (const name of ['python3', 'python']) {
    if (!findCommand(name)) continue
    try {
      await run(name, ['-m', 'pip', '--version'], { timeout: 60_000 })
      return name
    } catch {
      // Python without pip.
    }
  }
  return null
}

/**
 * Lets `fetch` work in a fresh partial folder; the file gets its place in the cache only when it is whole and verified.
 * A file that an earlier run had finished is used as it is.
 * @param {string} name
 * @param {Pin} pin
 * @param {string} text
 * @param {Progress} progress
 * @param {(folder: string, onTick: () => void) => Promise<void>} fetch
 * @returns {Promise<string>}
 */
export async function fetchInto(name, pin, text, progress, fetch) {
  const downloads = join(cacheFolder(), 'downloads')
  const target = join(downloads, name)
  if (existsSync(target)) {
    progress.step(`${name} is in the cache already; verify it`)
    try {
      await verifyFile(target, pin)
      return target
    } catch (error) {
      progress.step(`${/** @type {Error} */ (error).message} It is fetched anew.`)
    }
  }
  const partial = join(downloads, `${name}.partial`)
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  progress.step(`${text} (${Math.ceil(pin.bytes / 1e6)} MB)`)
  await fetch(partial, () => progress.bytes(text, largestFile(partial), pin.bytes))
  const file = readdirSync(partial, { withFileTypes: true }).find(
    (entry) => entry.isFile() && /\.(tgz|whl|deb)$/.test(entry.name),
  )
  if (!file) throw new SetupError(`${text} gave no file`, 'Run the command again.')
  const fetched = join(partial, file.name)
  progress.step(`verify ${basename(target)}`)
  await verifyFile(fetched, pin)
  renameSync(fetched, target)
  rmSync(partial, { recursive: true, force: true })
  return target
}

/**
 * Clients fetch under names of their own; the one that grows is the largest.
 * @param {string} folder
 */
export function largestFile(folder) {
  let largest = 0
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) largest = Math.max(largest, statSync(join(entry.parentPath, entry.name)).size)
    }
  } catch {
    // A client removed what was just listed.
  }
  return largest
}
