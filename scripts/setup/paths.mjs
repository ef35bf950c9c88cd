import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const modules = join(root, 'node_modules')

/**
 * The user's cache folder for the app, by the custom of the system; CONVSCOPE_CACHE overrides.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env.CONVSCOPE_CACHE) return resolve(env.CONVSCOPE_CACHE)
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Convscope', 'Cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Convscope')
  return join(env.XDG_CACHE_HOME ? resolve(env.XDG_CACHE_HOME) : join(home, '.cache'), 'convscope')
}

/**
 * A path as it is shown to people: relative to the project, the cache folder or home.
 * @param {string} path
 */
export function shownPath(path) {
  for (const [base, name] of /** @type {const} */ ([
    [root, '.'],
    [cacheFolder(), '<cache>'],
    [homedir(), '~'],
  ])) {
    const rest = relative(base, path)
    if (rest === '') return name
    if (!rest.startsWith('..') && !rest.startsWith(sep)) return `${name}/${rest.split(sep).join('/')}`
  }
  return path
}

/**
 * The parsed JSON file, or null where there is none or it is damaged.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** @param {string} path */
export function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * The version of an installed package, or null.
 * @param {string} name
 * @returns {string | null}
 */
export function packageVersion(name) {
  return readJson(join(modules, name, 'package.json'))?.version ?? null
}
