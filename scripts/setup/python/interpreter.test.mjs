import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Progress } from '../progress.mjs'
import { requireInterpreter } from './interpreter.mjs'

const progress = new Progress(/** @type {any} */ ({ write: () => true }))

// Shell scripts in place of Pythons, and no apt-get: what is missing must be said, not installed.
describe.skipIf(process.platform !== 'linux')('the Python that PyTorch is installed with', () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'convscope-'))
    vi.stubEnv('PATH', folder)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  /** @param {string} name @param {string} script */
  function command(name, script) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }

  test('is the first that is new enough and makes environments', async () => {
    command('python3', 'echo "python 3 10 1 /usr/bin/python3.10"')
    command('python3.13', 'echo "pyenv: command not found" >&2; exit 127')
    command('python3.12', 'echo "python 3 12 0 /usr/bin/python3.12"')
    command('python3.11', 'echo "python 3 11 1 /opt/my python/bin/python3.11"')
    expect(await requireInterpreter(progress)).toEqual({
      path: '/opt/my python/bin/python3.11',
      minor: 11,
      hasVenv: true,
    })
  })

  test('may lack the package that makes environments, and the advice names it', async () => {
    command('python3', 'echo "python 3 12 0 /usr/bin/python3.12"')
    await expect(requireInterpreter(progress)).rejects.toMatchObject({
      message: expect.stringContaining('Python 3.11 to 3.14'),
      advice: expect.stringContaining('python3.12-venv'),
    })
  })

  test('may be too old, and the advice names a newer one', async () => {
    command('python3', 'echo "python 3 9 1 /usr/bin/python3.9"')
    await expect(requireInterpreter(progress)).rejects.toMatchObject({
      advice: expect.stringContaining('python3.11-venv'),
    })
  })

  test('may be missing', async () => {
    await expect(requireInterpreter(progress)).rejects.toMatchObject({
      advice: expect.stringContaining('python3-venv'),
    })
  })
})
