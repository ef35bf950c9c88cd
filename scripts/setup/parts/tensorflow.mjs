import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cachedFolder, readStamp, writeStamp } from '../cache.mjs'
import { fetchFromPyPI } from '../download.mjs'
import { SetupError } from '../errors.mjs'
import { buildNative } from '../gyp.mjs'
import { isReachable, remember } from '../official.mjs'
import { missing } from '../part.mjs'
import { isFile, modules, packageVersion, root } from '../paths.mjs'
import { pins } from '../pins.mjs'
import { orAdvise, run } from '../run.mjs'
import { unpackZip } from '../zip.mjs'

/** @typedef {import('../progress.mjs').Progress} Progress */

const home = join(modules, '@tensorflow', 'tfjs-node')
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
// What the binding's sources include, out of 12,000 headers.
const headers = /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h$/

/** The folder below lib/ that the binding is looked for in differs by the Node-API that it was made for. */
function bindingPath() {
  const folder = join(home, 'lib')
  const name = existsSync(folder) ? readdirSync(folder).find((entry) => entry.startsWith('napi-v')) : undefined
  return join(folder, name ?? 'napi-v8', 'tfjs_binding.node')
}

/** The native TensorFlow that trains fast; without it the app trains slowly. @type {import('../part.mjs').Part} */
export const tensorflowPart = {
  id: 'tensorflow',
  title: 'TensorFlow',
  purpose: 'fast training',

  check() {
    const stamp = readStamp('tensorflow')
    const path = bindingPath()
    if (!stamp || stamp.tfjs !== packageVersion('@tensorflow/tfjs-node') || !isFile(path))
      return Promise.resolve(missing)
    if (stamp.from === 'PyPI') {
      const whole =
        stamp.version === pins.tensorflow.version && libraries.every((name) => isFile(join(home, 'deps', 'lib', name)))
      if (!whole) return Promise.resolve(missing)
    }
    return Promise.resolve({ present: true, version: String(stamp.version), from: String(stamp.from), path })
  },

  async install(progress) {
    // On Linux the wheel comes first: TensorFlow 2.21 trains several times faster than the 2.9 of the official download.
    const hasWheel = process.platform === 'linux' && process.arch === 'x64'
    const from = hasWheel ? await installFromPyPI(progress) : await installOfficial(progress)
    progress.step('try it')
    const probe = await orAdvise(
      'TensorFlow is installed but does not run',
      'Remove the folder “tensorflow” from the cache folder and run the command again.',
      () => run(process.execPath, [join(root, 'scripts', 'setup', 'probes', 'tensorflow.cjs')], { timeout: 120_000 }),
    )
    const version = /^version (\S+)/m.exec(probe)?.[1] ?? ''
    writeStamp('tensorflow', { from, version, tfjs: packageVersion('@tensorflow/tfjs-node') })
    progress.step(`TensorFlow ${version} is ready`)
  },
}

/** @param {Progress} progress */
async function installFromPyPI(progress) {
  const { version } = pins.tensorflow
  const wheel = await cachedFolder(`tensorflow/${version}`, async (partial) => {
    const file = await fetchFromPyPI(pins.tensorflow, progress)
    progress.step('unpack')
    await unpackZip(file, partial, place, (done, total) => progress.bytes('unpack', done, total))
    rmSync(file)
  })
  const tfjs = packageVersion('@tensorflow/tfjs-node') ?? ''
  const binding = await cachedFolder(`tensorflow/binding-${tfjs}-for-${version}`, async (partial) => {
    const sources = join(partial, 'sources')
    for (const name of ['binding', 'binding.gyp', 'package.json'])
      cpSync(join(home, name), join(sources, name), { recursive: true })
    linkLibraries(join(sources, 'deps', 'lib'), wheel)
    symlinkSync(join(wheel, 'include'), join(sources, 'deps', 'include'))
    const settings = ['--napi_build_version=8', '--module_name=tfjs_binding', `--module_path=${join(partial, 'built')}`]
    await buildNative(sources, settings, 'build the binding (10 s)', progress)
    renameSync(join(partial, 'built', 'tfjs_binding.node'), join(partial, 'tfjs_binding.node'))
    for (const name of ['built', 'sources']) rmSync(join(partial, name), { recursive: true })
  })
  rmSync(join(home, 'deps'), { recursive: true, force: true })
  linkLibraries(join(home, 'deps', 'lib'), wheel)
  mkdirSync(dirname(bindingPath()), { recursive: true })
  copyFileSync(join(binding, 'tfjs_binding.node'), bindingPath())
  return 'PyPI'
}

/** @param {string} name of an entry of the wheel */
function place(name) {
  const library = libraries.find((file) => name === `tensorflow/${file}`)
  if (library) return `lib/${library}`
  return headers.test(name) ? name.replace(/^tensorflow\//, '') : null
}

/**
 * Links, not copies: the library has 790 MB.
 * @param {string} folder
 * @param {string} wheel
 */
function linkLibraries(folder, wheel) {
  mkdirSync(folder, { recursive: true })
  for (const name of libraries) {
    symlinkSync(join(wheel, 'lib', name), join(folder, name))
    // The name that the binding's build file links against.
    symlinkSync(name, join(folder, name.replace('_cc.so.2', '.so').replace('.so.2', '.so')))
  }
}

/**
 * The package's own install script: Windows, macOS and Linux on ARM. Written after its documentation; not tried by us.
 * @param {Progress} progress
 */
async function installOfficial(progress) {
  const host = 'storage.googleapis.com'
  if (!(await isReachable(host))) {
    throw new SetupError(
      `${host} cannot be reached, and there is no other source of TensorFlow for ${process.platform} ${process.arch}`,
      'Check the network. Until then the app trains with its slow engine.',
    )
  }
  const began = Date.now()
  progress.step(`download TensorFlow from ${host}`)
  try {
    const path = `${join(modules, '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
    await run(process.execPath, [join(home, 'scripts', 'install.js')], {
      cwd: home,
      env: { PATH: path },
      onTick: () => progress.elapsed('download TensorFlow', began),
    })
  } catch (error) {
    remember(host)
    throw new SetupError(
      `TensorFlow could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      'Check the network. Until then the app trains with its slow engine.',
    )
  }
  return 'official'
}
