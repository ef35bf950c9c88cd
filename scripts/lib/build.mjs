import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from '../setup/errors.mjs'
import { modules, root } from '../setup/paths.mjs'
import { takeLock } from '../setup/lock.mjs'
import { run } from '../setup/run.mjs'

const sources = ['shared', 'electron', 'renderer', 'resources']
const settings = [
  'electron.vite.config.ts',
  'vite.cli.config.ts',
  'build.config.ts',
  'package.json',
  'package-lock.json',
]
const out = join(root, 'out')
const stampPath = join(out, '.built-from')

/** The command line program that a build makes. */
export const cliPath = join(out, 'cli', 'convscope.mjs')

/**
 * Builds the app and the command line program, where a source has changed since the last build.
 * @param {{ stream?: NodeJS.WritableStream }} [options]
 * @returns {Promise<boolean>} whether anything was built
 */
export async function build({ stream = process.stderr } = {}) {
  if (isCurrent()) return false
  const release = await takeLock(join(modules, '.cache', 'convscope', 'build.lock'), {
    onWait: (owner) => stream.write(`another build is at work (process ${owner}); waiting for it\n`),
  })
  try {
    return isCurrent() ? false : await buildAll(stream)
  } finally {
    release()
  }
}

function isCurrent() {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === sourceDigest() && existsSync(cliPath)
}

/** @param {NodeJS.WritableStream} stream */
async function buildAll(stream) {
  const digest = sourceDigest()
  const began = Date.now()
  stream.write('build\n')
  rmSync(stampPath, { force: true })
  try {
    await run(
      process.execPath,
      [join(modules, 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
      },
    )
    await run(
      process.execPath,
      [join(modules, 'vite', 'bin', 'vite.js'), 'build', '-c', 'vite.cli.config.ts', '-l', 'warn'],
      {
        cwd: root,
      },
    )
  } catch (error) {
    throw new SetupError(
      `the build failed: ${error instanceof Error ? error.message : String(error)}`,
      'Mend the sources; npm run typecheck and npm run lint say more.',
    )
  }
  mkdirSync(out, { recursive: true })
  writeFileSync(stampPath, digest)
  stream.write(`built in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
  return true
}

/** Names, sizes and times of everything that goes into a build. */
function sourceDigest() {
  const hash = createHash('sha256')
  const files = [...settings.map((name) => join(root, name)), ...sources.flatMap((name) => listFiles(join(root, name)))]
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** @param {string} folder */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
}
