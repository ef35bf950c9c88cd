import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pythonWith } from '../../bench/python.mjs'
import { cacheFolder } from '../../scripts/setup/paths.mjs'

/** What the generated programs were written for; the same PyTorch as the benchmark's. */
const packages = ['torch==2.15.0', 'numpy', 'safetensors', 'keras==3.15.0']
const environment = 'codegen'

export interface FoundPython {
  readonly python: string | null
  /** Why there is none, and how to get one. */
  readonly reason: string
}

/**
 * A Python that can import `modules`: CONVSCOPE_PYTHON, or one of the virtual environments in the cache.
 * CONVSCOPE_INSTALL_PYTHON=1 makes one there where none is (about a gigabyte).
 */
export function findPython(modules: readonly string[]): FoundPython {
  if (process.env['CONVSCOPE_INSTALL_PYTHON'] === '1') pythonWith(cacheFolder(), environment, packages)
  const binary = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
  const named = process.env['CONVSCOPE_PYTHON']
  const cached = [environment, 'torch-2.15.0'].map((name) => join(cacheFolder(), 'bench', name, binary))
  for (const python of [...(named ? [named] : []), ...cached.filter((path) => existsSync(path))]) {
    const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`], {
      stdio: 'ignore',
      env: { ...process.env, KERAS_BACKEND: 'torch' },
    })
    if (status === 0) return { python, reason: '' }
  }
  const reason = `no Python with ${modules.join(', ')}: set CONVSCOPE_PYTHON, or CONVSCOPE_INSTALL_PYTHON=1 to install one`
  return { python: null, reason }
}
