import { expect } from '@playwright/test'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { seriousViolations } from './pages/axe'
import { ExportDialog } from './pages/export-dialog'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'
import { torchPython } from '../scripts/setup/python/environment.mjs'

const python = process.env['CONVSCOPE_PYTHON'] ?? torchPython()

test('a trained run leaves as every format, each proved, and the proofs are there after a restart', async ({
  desk,
}) => {
  test.setTimeout(360_000)
  const page = await desk.start({ env: { CONVSCOPE_PYTHON: python ?? 'none' } })
  const train = new TrainScreen(page)
  await train.train({ epochs: 1, limit: 500 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await new Workbench(page).expectNothingTrains()
  await new Workbench(page).go('Runs')
  await new RunsScreen(page).rows.click()
  const exporting = new ExportDialog(page)
  await exporting.open()

  const made: Record<string, string> = {}
  for (const [format, ending] of [
    ['ONNX', '.onnx'],
    ['Keras 3', '.keras'],
    ['TensorFlow.js', ''],
    ['SavedModel', ''],
    ['Safetensors', '.safetensors'],
    ['NumPy', '.npz'],
  ] as const) {
    const target = join(desk.home, `out-${format.replaceAll(/\W/g, '')}${ending}`)
    made[format] = target
    await desk.answer({ save: target })
    await exporting.exportAs(format)
    await expect(exporting.proof).toContainText('Computes the same', { timeout: 120_000 })
    await expect(exporting.proof).toContainText('100 test pictures')
    expect(existsSync(target)).toBe(true)
  }
  for (const [packing, target] of [
    ['Folder', join(desk.home, 'project')],
    ['Zip file', join(desk.home, 'project.zip')],
  ] as const) {
    await desk.answer({ save: target })
    await exporting.choose('PyTorch project')
    await page.getByLabel('As', { exact: true }).getByText(packing).click()
    await exporting.exportAs('PyTorch project')
    await expect(exporting.proof).toContainText('Computes the same', { timeout: 120_000 })
    await expect(exporting.proof).toContainText(python === null ? 'was not run' : 'ran, and took weights')
    await expect(exporting.proof).toContainText('tensors, equal bit for bit')
  }
  expect(existsSync(join(desk.home, 'project', 'train.py'))).toBe(true)
  expect(existsSync(join(desk.home, 'project', 'checkpoint', 'optimizer.safetensors'))).toBe(true)
  expect(readFileSync(join(desk.home, 'project.zip')).subarray(0, 2).toString()).toBe('PK')

  expect(await seriousViolations(page), 'a proved export').toEqual([])

  await desk.answer({ save: join(desk.home, 'curves.csv') })
  await exporting.exportAs('CSV')
  await expect(exporting.proof).toContainText('8 steps, 1 epochs')
  expect(readFileSync(join(desk.home, 'curves.csv'), 'utf8').trim().split('\r\n')).toHaveLength(10)

  expect(readdirSync(made['TensorFlow.js'] ?? '')).toEqual(['model.json', 'weights.bin'])
  expect(statSync(made['ONNX'] ?? '').size).toBeGreaterThan(5_000_000)
  expect(readdirSync(desk.home).filter((name) => name.endsWith('.part'))).toEqual([])
  expect(desk.pageErrors).toEqual([])
  await desk.quit()

  const again = await desk.start()
  await new Workbench(again).go('Runs')
  await new RunsScreen(again).rows.click()
  const kept = new ExportDialog(again)
  await kept.open()
  await expect(kept.past).toHaveCount(9)
})

/** Answers as the proof of a PyTorch project does, but with zeros: a PyTorch that computes something else. */
const otherPyTorch = `#!${process.execPath}
process.stdout.write('PyTorch 0.0\\nready\\n')
let heard = 0
process.stdin.on('data', (part) => {
  heard += part.length
  for (const question = 4 + 10 * 784 * 4; heard >= question; heard -= question) process.stdout.write(Buffer.alloc(400))
})
`

test('a project that computes something else fails its proof, which is kept without a file', async ({ desk }) => {
  test.skip(process.platform === 'win32', 'a script cannot stand in for Python there')
  const python = join(desk.home, 'python')
  writeFileSync(python, otherPyTorch, { mode: 0o755 })
  const page = await desk.start({ env: { CONVSCOPE_PYTHON: python } })
  await new Workbench(page).prefer('Appearance', 'Dark')
  await new TrainScreen(page).train({ epochs: 1, limit: 300 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await new Workbench(page).expectNothingTrains()
  await new Workbench(page).go('Runs')
  await new RunsScreen(page).rows.click()
  const exporting = new ExportDialog(page)
  await exporting.open()
  const target = join(desk.home, 'project')
  await desk.answer({ save: target })
  await exporting.exportAs('PyTorch project')
  await expect(exporting.proof).toContainText('Proof failed', { timeout: 60_000 })
  await expect(exporting.proof).toContainText('PyTorch 0.0')
  expect(await seriousViolations(page), 'a failed proof').toEqual([])
  expect(existsSync(target)).toBe(false)
  await desk.quit()

  const again = await desk.start()
  await new Workbench(again).go('Runs')
  await new RunsScreen(again).rows.click()
  const kept = new ExportDialog(again)
  await kept.open()
  await expect(kept.past).toHaveCount(1)
  await expect(kept.past).toContainText('Proof failed')
})

test('a cancelled export leaves nothing, and one into a folder of other files is refused', async ({ desk }) => {
  test.setTimeout(180_000)
  const page = await desk.start()
  await new TrainScreen(page).train({ epochs: 1, limit: 300 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await new Workbench(page).expectNothingTrains()
  await new Workbench(page).go('Runs')
  await new RunsScreen(page).rows.click()
  const exporting = new ExportDialog(page)
  await exporting.open()
  await desk.answer({ save: join(desk.home, 'network.keras') })
  await exporting.exportAs('Keras 3')
  await page.getByRole('button', { name: 'Cancel export' }).click()
  await expect(page.getByText('Cancelled. Nothing was written.')).toBeVisible()
  expect(readdirSync(desk.home).filter((name) => name.includes('keras'))).toEqual([])

  await desk.answer({ save: desk.home })
  await exporting.exportAs('SavedModel')
  await expect(page.getByText('which an export does not replace')).toBeVisible()
})
