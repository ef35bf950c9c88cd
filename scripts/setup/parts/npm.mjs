import { join } from 'node:path'
import { SetupError } from '../errors.mjs'
import { missing } from '../part.mjs'
import { modules, readJson, root } from '../paths.mjs'
import { orAdvise, run } from '../run.mjs'

/** @type {import('../part.mjs').Part} */
export const npmPart = {
  id: 'npm',
  title: 'npm dependencies',
  purpose: '',

  check() {
    const wanted = readJson(join(root, 'package-lock.json'))?.packages
    const found = readJson(join(modules, '.package-lock.json'))?.packages
    if (!wanted || !found || findDifference(wanted, found) !== null) return Promise.resolve(missing)
    const count = Object.keys(found).length
    return Promise.resolve({ present: true, version: `${count} packages`, from: 'npm', path: modules })
  },

  async install(progress) {
    if (readJson(join(root, 'package-lock.json')) === null) {
      throw new SetupError(
        'package-lock.json is missing or damaged',
        'Get it back with: git checkout package-lock.json',
      )
    }
    const began = Date.now()
    progress.step('npm ci')
    await orAdvise(
      'npm could not install the dependencies',
      'Check the network and the npm registry setting (npm config get registry), then run the command again.',
      () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, onTick }),
    )
    function onTick() {
      progress.elapsed('npm ci', began)
    }
  },
}

/**
 * The first package that the lock file asks for and node_modules has not, or null. Optional ones depend on the system.
 * @param {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} wanted
 * @param {Record<string, { version?: string }>} found
 */
export function findDifference(wanted, found) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional) continue
    if (found[path]?.version !== entry.version) return path
  }
  return null
}
