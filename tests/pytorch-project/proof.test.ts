import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { pytorchProjectFormat } from '../../electron/exporter/formats/pytorch-project'
import { tinyConfig } from '../../electron/trainer/testing/tiny'
import { exportExtensions, exportFolderFiles } from '../../shared/exports/exports'
import { runConfigSchema } from '../../shared/training/config'
import { python, reason } from '../codegen/python'
import { relativeDifference } from '../engines/compare'
import { expectedOutputs, pictureCount, picturesOf } from '../exporter/networks'
import { network, projectSource, trainRun } from './projects'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'convscope-project-proof-'))
const run = { document: network({ norm: true, dropout: true }), config: runConfigSchema.parse(tinyConfig()) }
const source = (zip = false) => projectSource(join(folder, 'run', 'epoch-0002'), run, zip)
const nowhere = join(folder, 'no-python')

beforeAll(() => trainRun(join(folder, 'run'), run.document, run.config))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function proved(target: string, zip: boolean, interpreter: string) {
  vi.stubEnv('CONVSCOPE_PYTHON', interpreter)
  const written = await pytorchProjectFormat.read(target, source(zip))
  const pictures = picturesOf(source().network)
  const each = pictures.length / pictureCount
  // In two parts, as the export does it.
  const parts = [
    await written.run(pictures.slice(0, 2 * each), 2),
    await written.run(pictures.slice(2 * each), pictureCount - 2),
  ]
  await written.close()
  expect(
    relativeDifference(Float32Array.from(parts.flatMap((part) => [...part])), await expectedOutputs(source())),
  ).toBeLessThan(1e-5)
  return written
}

async function write(name: string, zip = false): Promise<string> {
  const target = join(folder, name)
  await pytorchProjectFormat.write(source(zip), target)
  return target
}

it.each([false, true])('is proved by its weights where there is no PyTorch; as a zip file: %s', async (zip) => {
  const written = await proved(await write(`plain-${zip}`, zip), zip, nowhere)
  expect(written.project).toMatchObject({ program: null })
  expect(written.project?.optimizerTensors).toBeGreaterThan(10)
})

it.skipIf(python === null).each([false, true])(`runs in PyTorch; as a zip file: %s${reason}`, async (zip) => {
  const target = await write(`run-${zip}`, zip)
  const written = await proved(target, zip, python ?? '')
  expect(written.reader).toMatch(/^PyTorch 2\./)
  expect(written.project?.program).toBe(written.reader)
  if (!zip) expect(readdirSync(target)).not.toContain('__pycache__')
})

it.skipIf(python === null)(`is no proof where the program does not run${reason}`, async () => {
  const target = await write('broken')
  writeFileSync(join(target, 'model.py'), 'raise RuntimeError("no such layer")\n')
  vi.stubEnv('CONVSCOPE_PYTHON', python ?? '')
  await expect(pytorchProjectFormat.read(target, source())).rejects.toThrow('no such layer')
})

it('finds a number of the optimizer’s state that is another', async () => {
  const target = await write('other')
  const file = join(target, 'checkpoint', 'optimizer.safetensors')
  const bytes = Uint8Array.from(readFileSync(file))
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(file, bytes)
  vi.stubEnv('CONVSCOPE_PYTHON', nowhere)
  await expect(pytorchProjectFormat.read(target, source())).rejects.toThrow(/optimizer’s ".+" is not the checkpoint’s/)
})

it('makes only what an export may replace', async () => {
  expect(exportExtensions['pytorch-project']).toBeNull()
  expect(readdirSync(await write('names')).sort()).toEqual([...(exportFolderFiles['pytorch-project'] ?? [])].sort())
})
