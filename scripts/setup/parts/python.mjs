import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from '../cache.mjs'
import { isReachable, remember } from '../official.mjs'
import { missing } from '../part.mjs'
import { cacheFolder, readJson, root } from '../paths.mjs'
import { pins } from '../pins.mjs'
import { environmentName, pythonIn, requirementsPath, torchPython } from '../python/environment.mjs'
import { requireInterpreter } from '../python/interpreter.mjs'
import { fetchWheels, pip } from '../python/pip.mjs'
import { writeStandIns } from '../python/stand-ins.mjs'
import { orAdvise, run } from '../run.mjs'

/** @typedef {import('../progress.mjs').Progress} Progress */

const host = 'download.pytorch.org'
const description = 'environment.json'

/** PyTorch and Keras, which execute generated code and are measured against. @type {import('../part.mjs').Part} */
export const pythonPart = {
  id: 'python',
  title: 'PyTorch and Keras',
  purpose: 'tests of generated code, benchmarks',

  check() {
    const path = torchPython()
    const found = path === null ? null : readJson(join(cacheFolder(), environmentName(), description))
    if (path === null || found === null) return Promise.resolve(missing)
    return Promise.resolve({ present: true, version: String(found.version), from: String(found.from), path })
  },

  async install(progress) {
    const name = environmentName()
    // The Python that it was made with is gone.
    rmSync(join(cacheFolder(), name), { recursive: true, force: true })
    let version = ''
    await cachedFolder(name, async (partial) => {
      const { path, minor } = await requireInterpreter(progress)
      progress.step(`virtual environment of ${path}`)
      await run(path, ['-m', 'venv', partial])
      const python = pythonIn(partial)
      const wheels = `downloads/python3.${minor}-${name.replace('/', '-')}`
      const from = await installPackages(python, wheels, progress)
      version = await tryOut(python, from, progress)
      writeFileSync(join(partial, description), JSON.stringify({ version, from }))
      rmSync(join(cacheFolder(), wheels), { recursive: true })
    })
    progress.step(`ready (${version})`)
  },
}

/**
 * @param {string} python
 * @param {string} kept folder below the cache that keeps what was fetched until all is installed
 * @param {Progress} progress
 * @returns {Promise<string>} where PyTorch came from
 */
async function installPackages(python, kept, progress) {
  const others = await fetchWheels(python, `${kept}/others`, ['-r', requirementsPath], 'download Keras', progress)
  const { folder, from } = await fetchTorch(python, kept, progress)
  const began = Date.now()
  progress.step('install')
  const files = [others, folder].flatMap((wheels) => readdirSync(wheels).map((name) => join(wheels, name)))
  await pip(python, ['install', '--no-index', '--no-deps', ...files], {
    onTick: () => progress.elapsed('install', began),
  })
  return from
}

/**
 * PyTorch without its dependencies: from its own index, which has it for processors alone, or else from PyPI.
 * @param {string} python
 * @param {string} wheels
 * @param {Progress} progress
 */
async function fetchTorch(python, wheels, progress) {
  const spec = `torch==${pins.python.torch}`
  // Elsewhere PyPI's are for processors, too.
  if (process.platform === 'linux') {
    const folder = `${wheels}/official`
    if (existsSync(join(cacheFolder(), folder)) || (await isReachable(host))) {
      try {
        const args = ['--index-url', `https://${host}/whl/cpu`, spec]
        const fetched = await fetchWheels(python, folder, args, `download ${spec} from ${host}`, progress)
        return { folder: fetched, from: 'official' }
      } catch (error) {
        remember(host)
        progress.step(`${host} did not serve it: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`)
      }
    } else progress.step(`${host} cannot be reached from here (asked again in a day)`)
  }
  const fetched = await fetchWheels(python, `${wheels}/torch`, [spec], `download ${spec} from PyPI`, progress)
  return { folder: fetched, from: 'PyPI' }
}

/**
 * Makes it run with as little as possible: with stand-ins for the CUDA libraries, or else with the libraries themselves.
 * @param {string} python
 * @param {string} from
 * @param {Progress} progress
 * @returns {Promise<string>} the version that runs
 */
async function tryOut(python, from, progress) {
  if (process.platform === 'linux' && from === 'PyPI') {
    try {
      await writeStandIns(await torchLibraries(python), progress)
      return await probe(python, progress)
    } catch (error) {
      progress.step(
        `PyTorch without CUDA’s libraries does not run: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    const text = 'download and install all that PyTorch asks for (3 GB)'
    progress.step(text)
    const began = Date.now()
    const args = [
      'install',
      '--force-reinstall',
      '--no-cache-dir',
      `torch==${pins.python.torch}`,
      '-r',
      requirementsPath,
    ]
    await pip(python, args, { onTick: () => progress.elapsed(text, began) })
  }
  return orAdvise(
    'PyTorch or Keras is installed but does not run',
    'Run the command again to install it anew; if it happens twice, this processor or system is too old for it.',
    () => probe(python, progress),
  )
}

/** @param {string} python */
async function torchLibraries(python) {
  const output = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("platlib"))'])
  return join(output.trim(), 'torch', 'lib')
}

/** @param {string} python @param {Progress} progress */
async function probe(python, progress) {
  progress.step('try it')
  const output = await run(python, [join(root, 'scripts', 'setup', 'probes', 'pytorch.py')], { timeout: 5 * 60_000 })
  return /^version (.+?)\r?$/m.exec(output)?.[1] ?? ''
}
