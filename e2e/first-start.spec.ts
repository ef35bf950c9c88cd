import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { networkDocumentSchema } from '../shared/network/document'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const reference = networkDocumentSchema.parse(
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../resources/networks/reference.json'), 'utf8')),
)

test('the first start shows the reference network, MNIST and a Train button, without a complaint', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await expect(page.getByRole('heading', { level: 1, name: reference.name })).toBeVisible()
  for (const { id } of reference.layers) {
    await expect(train.graph.getByRole('button', { name: new RegExp(` ${id}, gives`) })).toBeVisible()
  }
  // 25 kernels of 3 × 3 and their biases; the shape without padding is two smaller.
  await expect(train.graph.getByRole('button', { name: /conv1, gives 26 × 26 × 25, 250 parameters/ })).toBeVisible()
  await expect(train.samples.first()).toHaveAccessibleName('Picture 1: 5')
  expect(await train.samples.count()).toBeGreaterThan(5)
  await expect(train.start).toBeEnabled()
  await expect(train.start).not.toHaveAttribute('aria-disabled', 'true')

  await new Workbench(page).go('Runs')
  await expect(page.getByText('No runs yet')).toBeVisible()
  await expect(new RunsScreen(page).rows).toHaveCount(0)
  await new Workbench(page).go('Data')
  await expect(page.getByTestId('sample-grid')).toBeVisible()
  expect(desk.pageErrors).toEqual([])
})
