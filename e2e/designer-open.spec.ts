import { expect } from '@playwright/test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from './fixtures/app'
import { DesignScreen, startDesigning } from './pages/design-screen'
import { ImportDialog } from './pages/import-dialog'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const lenet = readFileSync(resolve(import.meta.dirname, '../resources/templates/lenet5.json'), 'utf8')

function networkCalled(name: string): string {
  return JSON.stringify({ ...(JSON.parse(lenet) as object), name })
}

test('a file that the app is called with is opened, and so is one dropped on the window', async ({ desk }) => {
  const file = join(desk.home, 'mine.convscope')
  writeFileSync(file, networkCalled('Called with'))
  const page = await startDesigning(desk, { file })
  const design = new DesignScreen(page)
  await design.expectName('Called with')
  await expect.poll(() => desk.title()).toBe('mine.convscope – Convscope')

  const window = new ImportDialog(page)
  await window.drop('theirs.convscope', networkCalled('Dropped'))
  await design.expectName('Dropped')
  // It lies on no disk that the window knows of.
  await expect(design.unsaved).toBeVisible()

  await window.drop('newer.convscope', '{"format": "convscope.network", "version": 9}')
  await expect(page.getByText(/newer\.convscope is a network document of version 9/)).toBeVisible()
  await design.expectName('Dropped')
  expect(desk.pageErrors).toEqual([])
})

test('a network that no memory holds is foreseen, and refused with both numbers', async ({ desk }) => {
  const page = await startDesigning(desk)
  const design = new DesignScreen(page)
  await design.startFrom('LeNet-5')
  await design.layer('conv2').click()
  await page.getByRole('textbox', { name: 'Output channels' }).fill('16384')
  await design.layer('fc1').click()
  await page.getByRole('textbox', { name: 'Outputs', exact: true }).fill('65536')
  await expect(page.getByText(/^≈\s[\d.,]+\sGB$/)).toBeVisible()
  await design.train.click()
  await new TrainScreen(page).start.click()
  await expect(page.getByText(/Training would take about \d+ GB of memory, but only [\d.]+ GB are free/)).toBeVisible()
  await new Workbench(page).expectNothingTrains()
  expect(desk.pageErrors).toEqual([])
})
