import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Python of a virtual environment in the cache with these packages, installed when first asked for.
 * @param {string} cache
 * @param {string} name
 * @param {string[]} packages as pip takes them
 */
export function pythonWith(cache, name, packages) {
  const folder = join(cache, 'bench', name)
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const stamp = join(folder, `installed-${packages.join('-').replaceAll(/[^A-Za-z0-9.=-]/g, '_')}`)
  if (existsSync(stamp)) return python
  console.error(`Installing ${packages.join(', ')} for the benchmark (once) …`)
  mkdirSync(folder, { recursive: true })
  run('python3', ['-m', 'venv', folder])
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  run(python, ['-c', `open(${JSON.stringify(stamp)}, "w").close()`])
  return python
}

/** @param {string} file @param {string[]} args */
function run(file, args) {
  const { status, error } = spawnSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error || status !== 0) {
    throw new Error(`"${file} ${args.join(' ')}" failed. Python 3 with venv and pip is needed for the benchmark.`)
  }
}
