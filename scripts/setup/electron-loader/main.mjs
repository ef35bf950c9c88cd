// Opens the app whose path stands on the command line, as the default app of an official Electron does.
// A module that awaits the app's own code: Electron fires `ready` only when it has run, since parts of the
// set-up of an app (privileged schemes, switches) must come before.
import { app } from 'electron'
import { existsSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// What Electron and Node keep out of their published types.
/** @type {{ setVersion(version: string): void, setAppPath(path: string): void }} */
const identity = /** @type {any} */ (app)
/** @type {{ _preloadModules(paths: string[]): void, _resolveFilename(path: string, parent: null, isMain: boolean): string }} */
const loader = /** @type {any} */ (Module)

const { path, required } = readArguments(process.argv.slice(1))
if (required.length > 0) loader._preloadModules(required)
if (path === null) {
  console.error('usage: electron [flags] <path of the app>')
  app.exit(1)
} else {
  try {
    await openApp(resolve(path))
  } catch (error) {
    console.error('The app failed to load:', error)
    app.exit(1)
  }
}

/** @param {readonly string[]} args */
function readArguments(args) {
  const required = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '-v' || arg === '--version') {
      console.log(`v${process.versions.electron}`)
      app.exit(0)
    } else if (arg === '-r' || arg === '--require') required.push(args[++i] ?? '')
    else if (arg.startsWith('--app=')) return { path: arg.slice('--app='.length), required }
    else if (!arg.startsWith('-')) return { path: arg, required }
  }
  return { path: null, required }
}

/** @param {string} path */
async function openApp(path) {
  Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true })
  const manifest = join(path, 'package.json')
  let folder = null
  if (existsSync(manifest)) {
    const { name, productName, version, desktopName } = JSON.parse(readFileSync(manifest, 'utf8'))
    folder = path
    if (version) identity.setVersion(version)
    app.setName(productName ?? name ?? basename(path))
    if (process.platform === 'linux') app.setDesktopName(desktopName ?? `${app.getName()}.desktop`)
  }
  const entry = loader._resolveFilename(path, null, true)
  identity.setAppPath(folder ?? dirname(entry))
  await import(pathToFileURL(entry).href)
}
