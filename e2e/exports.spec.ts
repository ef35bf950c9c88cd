import { expect } from '@playwright/test'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { ExportDialog } from './pages/export-dialog'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test('a trained run leaves as every format, each proved, and the proofs are there after a restart', async ({
  desk,
}) => {
  test.setTimeout(360_000)
  const page = await desk.start()
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
  await expect(kept.past).toHaveCount(7)
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
