import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cachedFolder, readStamp, writeStamp } from '../cache.mjs'
import { SetupError } from '../errors.mjs'
import { buildNative } from '../gyp.mjs'
import { missing } from '../part.mjs'
import { isFile, modules, packageVersion, root, shownPath } from '../paths.mjs'
import { run } from '../run.mjs'
import { electronPart, electronPath } from './electron.mjs'

const home = join(modules, 'better-sqlite3')
const built = join(home, 'build', 'Release', 'better_sqlite3.node')

/** What must be able to load the binding: this Node and, once it is there, Electron. */
async function runtimes() {
  const electron = await electronPart.check()
  return `node ${process.versions.node}, electron ${electron.version || 'none'}`
}

/**
 * Whether the binding in place works in both; the reason if it does not.
 * @returns {Promise<{ version: string } | { failure: string }>}
 */
async function probe() {
  const script = join(root, 'scripts', 'setup', 'probes', 'sqlite.cjs')
  let version = ''
  for (const program of [process.execPath, electronPath()]) {
    if (program === null) continue
    try {
      const output = await run(program, [script], { env: { ELECTRON_RUN_AS_NODE: '1' }, timeout: 60_000 })
      version = /^version (\S+)/m.exec(output)?.[1] ?? ''
    } catch (error) {
      return { failure: `${shownPath(program)}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}` }
    }
  }
  return { version }
}

/** @type {import('../part.mjs').Part} */
export const sqlitePart = {
  id: 'sqlite',
  title: 'SQLite',
  purpose: '',

  async check() {
    const stamp = readStamp('sqlite')
    if (!stamp || stamp.package !== packageVersion('better-sqlite3') || stamp.runtimes !== (await runtimes()))
      return missing
    if (stamp.built !== isFile(built)) return missing
    return { present: true, version: String(stamp.version), from: 'npm', path: stamp.built ? built : home }
  },

  async install(progress) {
    let result = await probe()
    let isBuilt = isFile(built)
    if ('failure' in result && isBuilt) {
      rmSync(built)
      isBuilt = false
      result = await probe()
    }
    if ('failure' in result) {
      progress.step('the prebuilt binding wants a newer Node-API than this Node or Electron has')
      const version = packageVersion('better-sqlite3') ?? ''
      const folder = await cachedFolder(`sqlite/${version}-napi-9`, async (partial) => {
        const sources = join(partial, 'sources')
        cpSync(home, join(sources, 'better-sqlite3'), { recursive: true })
        cpSync(join(modules, 'node-addon-api'), join(sources, 'node_modules', 'node-addon-api'), { recursive: true })
        const target = join(sources, 'better-sqlite3')
        declareExperimental(join(target, 'binding.gyp'))
        await buildNative(target, ['--force_build=1'], 'build SQLite (60 s)', progress)
        renameSync(join(target, 'build', 'Release', 'better_sqlite3.node'), join(partial, 'better_sqlite3.node'))
        rmSync(sources, { recursive: true })
      })
      mkdirSync(dirname(built), { recursive: true })
      copyFileSync(join(folder, 'better_sqlite3.node'), built)
      isBuilt = true
      result = await probe()
    }
    if ('failure' in result) {
      throw new SetupError(
        `SQLite is installed but does not run in ${result.failure}`,
        'Remove the folder “sqlite” from the cache folder and run the command again.',
      )
    }
    const stamp = {
      package: packageVersion('better-sqlite3'),
      version: result.version,
      built: isBuilt,
      runtimes: await runtimes(),
    }
    writeStamp('sqlite', stamp)
    progress.step(`SQLite ${result.version} is ready`)
  },
}

/**
 * Node-API 10 allows references to strings, which the sources rely on; 9 allows them to modules that declare
 * themselves experimental.
 * @param {string} path of binding.gyp
 */
function declareExperimental(path) {
  const before = readFileSync(path, 'utf8')
  const after = before.replace(
    "'NAPI_VERSION=10'",
    "'NAPI_VERSION=2147483647', 'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'",
  )
  if (after === before) {
    throw new SetupError(
      'better-sqlite3’s build file has changed in a way that set-up does not know',
      'Use Node 22 or newer, whose Node-API its prebuilt binding is for, or take the version that package-lock.json names.',
    )
  }
  writeFileSync(path, after)
}
