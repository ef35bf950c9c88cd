import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStorage } from '../main/db/open'
import { exitCodes } from './exit-codes'
import { createOutput } from './output'
import { runCli } from './program'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'convscope-cli-backup-'))
  vi.stubEnv('CONVSCOPE_HOME', join(home, 'home'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

// In this process: nothing is trained, so nothing has to be built.
async function run(...args: string[]) {
  let [stdout, stderr] = ['', '']
  const out = { write: (text: string) => void (stdout += text), isTTY: false, columns: 120 }
  const err = { write: (text: string) => void (stderr += text), isTTY: false, columns: 120 }
  const context = { output: createOutput(false, out, err), onInterrupt: () => () => undefined, exitCode: exitCodes.ok }
  const code = await runCli(args, context, out)
  return { code, stdout, stderr }
}

function setting(value?: string): unknown {
  const storage = openStorage(join(home, 'home'))
  if (value !== undefined) storage.db.prepare("INSERT OR REPLACE INTO settings VALUES ('a', ?)").run(value)
  const found = storage.db.prepare("SELECT value FROM settings WHERE key = 'a'").pluck().get()
  storage.close()
  return found
}

it('a backup brings back what was there, weights and all; what was there since is kept aside', async () => {
  const weights = join(home, 'home/runs/3f2a8d10-0000-4000-8000-000000000001/epoch-0001')
  setting('1')
  mkdirSync(weights, { recursive: true })
  writeFileSync(join(weights, 'weights.safetensors'), 'learned')
  const file = join(home, 'runs.zip')
  expect(await run('backup', file)).toMatchObject({ code: 0, stderr: '' })
  setting('2')
  rmSync(weights, { recursive: true })
  const restored = await run('restore', file)
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(setting()).toBe('1')
  expect(readFileSync(join(weights, 'weights.safetensors'), 'utf8')).toBe('learned')
  expect(restored.stdout).toContain('replaced-')
})

it('refuses while another program has the runs open', async () => {
  setting('1')
  const file = join(home, 'runs.zip')
  await run('backup', file, '--no-weights')
  const other = openStorage(join(home, 'home'))
  const { code, stderr } = await run('restore', file)
  other.close()
  expect(code).toBe(exitCodes.failed)
  expect(stderr).toContain('Another Convscope uses the runs now.')
  expect(setting()).toBe('1')
})

it('takes a file that is no backup for bad input', async () => {
  const file = join(home, 'other.zip')
  writeFileSync(file, 'no zip')
  expect(await run('restore', file)).toMatchObject({ code: exitCodes.badInput, stdout: '' })
})
