import { SetupError } from './errors.mjs'
import { findCommand, run } from './run.mjs'

/**
 * Installs Debian packages, or says how to. Newer releases call some of them `…t64`.
 * @param {readonly string[]} names
 * @param {string} why
 * @param {import('./progress.mjs').Progress} progress
 */
export async function installDebian(names, why, progress) {
  const byHand = `sudo apt-get install ${names.join(' ')}`
  if (!findCommand('apt-get')) {
    throw new SetupError(
      why,
      `Install what these Debian packages hold with your system's package manager: ${names.join(' ')}`,
    )
  }
  if (process.getuid?.() !== 0) throw new SetupError(why, `Run: ${byHand}`)
  const began = Date.now()
  progress.step(`install ${names.length} Debian packages: ${names.join(' ')}`)
  const onTick = () => progress.elapsed('apt-get', began)
  try {
    await install(names, onTick)
  } catch {
    progress.step('renew the package lists, then try again')
    try {
      await run('apt-get', ['update', '-q'], { timeout: 5 * 60_000, onTick })
      await install(names, onTick)
    } catch (error) {
      throw new SetupError(`${why}: ${error instanceof Error ? error.message : String(error)}`, `Run: ${byHand}`)
    }
  }
}

/** @param {readonly string[]} names @param {() => void} onTick */
async function install(names, onTick) {
  const known = await run('apt-cache', ['pkgnames', 'lib'], { timeout: 60_000 })
  const all = new Set(known.split('\n'))
  const packages = names.map((name) => (all.has(`${name}t64`) ? `${name}t64` : name))
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 15 * 60_000,
    onTick,
  })
}

/**
 * The commands that building native code takes.
 * @param {import('./progress.mjs').Progress} progress
 */
export async function ensureBuildTools(progress) {
  const missing = Object.entries({ 'g++': 'g++', make: 'make', python3: 'python3', tar: 'tar' }).filter(
    ([command]) => !findCommand(command),
  )
  if (missing.length === 0) return
  const commands = missing.map(([command]) => command).join(', ')
  await installDebian(
    missing.map(([, name]) => name),
    `Building native code takes ${commands}`,
    progress,
  )
}
