import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, isFile, root } from '../paths.mjs'
import { pins } from '../pins.mjs'

/** What goes into the environment beside PyTorch, every package with its version. */
export const requirementsPath = join(root, 'scripts', 'setup', 'python', 'requirements.txt')

/** The folder of PyTorch's and Keras's virtual environment below the cache: another one for other versions. */
export function environmentName() {
  const hash = createHash('sha256').update(readFileSync(requirementsPath))
  return `python/torch-${pins.python.torch}-${hash.digest('hex').slice(0, 8)}`
}

/** The Python that has PyTorch (for the processor), Keras, NumPy and safetensors; null before set-up has made it. */
export function torchPython() {
  const folder = join(cacheFolder(), environmentName())
  return existsSync(folder) && isFile(pythonIn(folder)) ? pythonIn(folder) : null
}

/** @param {string} folder of a virtual environment */
export function pythonIn(folder) {
  return join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
}
