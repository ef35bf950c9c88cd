import { readStamp, writeStamp } from '../cache.mjs'
import { installDebian } from '../debian.mjs'
import { SetupError } from '../errors.mjs'
import { missing } from '../part.mjs'
import { findCommand, run } from '../run.mjs'
import { electronPath } from './electron.mjs'

const libraries = [
  ...['libnss3', 'libatk1.0-0', 'libatk-bridge2.0-0', 'libcups2', 'libdrm2', 'libxkbcommon0', 'libxcomposite1'],
  ...['libxdamage1', 'libxrandr2', 'libgbm1', 'libgtk-3-0', 'libasound2', 'libxshmfence1'],
]

/**
 * The shared libraries that Electron wants and this system has not.
 * @param {string} program
 */
async function missingLibraries(program) {
  const output = await run('ldd', [program])
  return output.split('\n').flatMap((line) => (line.includes('not found') ? [line.trim().split(' ')[0] ?? ''] : []))
}

/** The libraries that Electron takes from the system; Windows and macOS have them all. @type {import('../part.mjs').Part} */
export const librariesPart = {
  id: 'system',
  title: 'system libraries',
  purpose: '',

  async check() {
    if (process.platform !== 'linux') return { present: true, version: '', from: 'system', path: '' }
    const program = electronPath()
    if (program === null) return missing
    const stamp = readStamp('system')
    if (stamp?.program !== program) {
      if ((await missingLibraries(program)).length > 0) return missing
      writeStamp('system', { program, from: 'system' })
    }
    return { present: true, version: '', from: String(stamp?.from ?? 'system'), path: '' }
  },

  async install(progress) {
    const program = electronPath()
    if (program === null) throw new SetupError('Electron is missing', 'Run: npm run setup')
    const before = await missingLibraries(program)
    await installDebian(libraries, `Electron needs libraries that this system has not: ${before.join(', ')}`, progress)
    const after = await missingLibraries(program)
    if (after.length > 0) {
      throw new SetupError(
        `Electron still misses ${after.join(', ')}`,
        'Install the packages that hold these libraries.',
      )
    }
    writeStamp('system', { program, from: 'Debian' })
  },
}

/** A display for the end-to-end tests. @type {import('../part.mjs').Part} */
export const displayPart = {
  id: 'display',
  title: 'virtual display',
  purpose: 'end-to-end tests',

  check() {
    if (process.platform !== 'linux') return Promise.resolve({ present: true, version: '', from: 'system', path: '' })
    const path = findCommand('xvfb-run') && findCommand('Xvfb') && findCommand('xauth') ? findCommand('Xvfb') : null
    if (path === null) return Promise.resolve(missing)
    return Promise.resolve({ present: true, version: '', from: 'system', path })
  },

  install: (progress) => installDebian(['xvfb', 'xauth'], 'The end-to-end tests need Xvfb as a display', progress),
}
