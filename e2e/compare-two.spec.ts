import { expect } from '@playwright/test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { template, train } from './fixtures/train'
import { RunsScreen } from './pages/runs-screen'
import { Workbench } from './pages/workbench'

test('two networks of other names are compared layer by layer, and told how they were matched', async ({ desk }) => {
  test.slow()
  const document = JSON.parse(readFileSync(template('lenet5'), 'utf8')) as {
    layers: { id: string; inputs?: string[] }[]
  }
  const ids = new Map(document.layers.map(({ id }, at) => [id, `part_${at}`]))
  const other = (id: string) => ids.get(id) ?? id
  const layers = document.layers.map((layer) => ({ ...layer, id: other(layer.id), inputs: layer.inputs?.map(other) }))
  const file = join(desk.home, 'renamed.json')
  writeFileSync(file, JSON.stringify({ ...document, layers }))
  train(desk, template('lenet5'), 'Named', '--epochs', '1')
  train(desk, file, 'Renamed', '--epochs', '1', '--seed', '2')
  const page = await desk.start()
  await new Workbench(page).go('Runs')
  await new RunsScreen(page).row('Named').last().click()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Use the whole window' }).click()
  await page.getByRole('button', { name: 'Compare two' }).click()
  const two = page.getByTestId('two-runs')
  await expect(two.getByText('Both networks are the same.')).toBeVisible()
  await two.getByText(`${document.layers.length} layers have other ids`).click()
  const conv = `conv1 = ${other('conv1')}`
  const pair = two.getByRole('listitem').filter({ hasText: new RegExp(`${conv}|${other('conv1')} = conv1`) })
  await expect(pair).toContainText('by kind, settings and place')

  // A layer that is selected in one network is selected in the other.
  await two
    .getByRole('button', { name: /\bconv1\b/ })
    .first()
    .click()
  await expect(two.locator('[aria-pressed=true][data-layer]')).toHaveCount(2)
  await expect(two.locator(`[aria-pressed=true][data-layer="${other('conv1')}"]`)).toBeVisible()

  // Kernels of one shape, and so their difference.
  await expect(two.getByTestId('kernel-grid')).toHaveCount(3)
  await expect(two.getByRole('combobox', { name: 'Convolution' })).toContainText(other('conv1'))
  expect(desk.pageErrors).toEqual([])
})
