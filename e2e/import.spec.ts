import { expect } from '@playwright/test'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readSafetensors } from '../shared/formats/safetensors'
import { test } from './fixtures/app'
import { DesignScreen, startDesigning } from './pages/design-screen'
import { ImportDialog } from './pages/import-dialog'

const repository = resolve(import.meta.dirname, '..')

test('a pasted print(model) becomes layers on the canvas, and a layer that is not read is told of', async ({
  desk,
}) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  await design.chooseFile('Import…')
  const dialog = new ImportDialog(page)
  await expect(dialog.text).toBeFocused()
  await dialog.text.fill(`>>> print(model)
Net(
  (conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
  (act1): Hardswish()
  (pool1): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (fc1): Linear(in_features=864, out_features=10, bias=True)
)`)
  await expect(dialog.preview).toContainText('28 × 28 × 1 → 10')
  await expect(dialog.element).toContainText('Recognized: PyTorch')
  await expect(dialog.group('Could not be read')).toContainText('act1line 4')
  await expect(dialog.group('Could not be read')).toContainText('no layer for Hardswish')
  await dialog.import.click()
  await expect(dialog.element).toBeHidden()
  await design.expectName('Net')
  for (const id of ['conv1', 'pool1', 'flatten', 'fc1']) await expect(design.layer(id)).toBeVisible()
  await expect(design.layer('act1')).toHaveCount(0)
  await expect(design.unsaved).toBeVisible()
  await expect.poll(() => desk.title()).toBe('● Net – Convscope')
  expect(desk.pageErrors).toEqual([])
})

test('an ONNX file becomes a network with its weights, after asking what becomes of the last one', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  await design.append('Dropout')
  await design.chooseFile('Import…')
  const dialog = new ImportDialog(page)
  await desk.answer({ open: join(repository, 'tests/import/data/exported.onnx'), button: 'Cancel' })
  await dialog.choose.click()
  await expect(dialog.preview).toContainText('11 × 12 × 2 → 3')
  await expect(dialog.preview).toContainText('Its layers fit together.')
  const weights = join(desk.home, 'weights.safetensors')
  await desk.answer({ save: weights })
  await dialog.element.getByRole('button', { name: 'Save weights…' }).click()
  await expect.poll(() => existsSync(weights)).toBe(true)
  expect(readSafetensors(readFileSync(weights), 'weights').tensors.get('bn2.running_var')?.shape).toEqual([4])

  await dialog.import.click()
  await expect(dialog.element).toBeVisible()
  await expect.poll(() => desk.title()).toBe('● Reference CNN – Convscope')
  await desk.answer({ button: 'Don’t save' })
  await dialog.import.click()
  await design.expectName('exported')
  await expect(design.layer('conv1')).toBeVisible()
  const again = join(desk.home, 'again.safetensors')
  await desk.answer({ save: again })
  await design.chooseFile('Save imported weights…')
  await expect.poll(() => existsSync(again)).toBe(true)
  expect(desk.pageErrors).toEqual([])
})

test('a file dropped on the window goes to import, and a damaged one says what to do', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.expectName('Reference CNN')
  const dialog = new ImportDialog(page)
  await dialog.drop('keras.json', readFileSync(join(repository, 'shared/import/testing/keras3.json'), 'utf8'))
  await expect(dialog.preview).toContainText('20 × 18 × 3 → 10')
  await expect(dialog.element).toContainText('Recognized: Keras')
  await expect(dialog.group('Changed')).toContainText('flatten')
  await dialog.drop('cut.onnx', 'no protobuf')
  await expect(dialog.preview).toContainText('cut.onnx is damaged, or no ONNX file')
  await expect(dialog.preview).toContainText('Export the model again')
  await expect(dialog.import).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialog.element).toBeHidden()
  await design.expectName('Reference CNN')
  await expect(design.unsaved).toBeHidden()
  expect(desk.pageErrors).toEqual([])
})
