import { expect, type Page } from '@playwright/test'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { seriousViolations } from './pages/axe'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

/** One epoch on a part of MNIST; gives the test accuracy as it is shown. */
async function trained(page: Page): Promise<string> {
  await new TrainScreen(page).train({ epochs: 1, limit: 1000 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await new Workbench(page).expectNothingTrains()
  return page.getByTestId('headline-accuracy').innerText()
}

test('a run leaves as one file, is deleted, and comes back with its curves and kernels', async ({ desk }) => {
  const page = await desk.start()
  const accuracy = await trained(page)
  await new Workbench(page).go('Runs')
  const runs = new RunsScreen(page)
  await runs.rows.click()
  const file = join(desk.home, 'lesson.convscope')
  await desk.answer({ save: file })
  await page.getByRole('button', { name: 'Share…' }).click()
  await page.getByRole('button', { name: 'Save run file…' }).click()
  await expect(page.getByText('Run file saved')).toBeVisible()
  expect(statSync(file).size).toBeGreaterThan(1_000_000)

  // The run is here still: a copy is offered, not made.
  await desk.answer({ open: file })
  await desk.chooseInMenu('open')
  await expect(page.getByRole('button', { name: 'Open as a copy' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(runs.rows).toHaveCount(1)

  await deleteRuns(page)
  await expect(runs.rows).toHaveCount(0)
  await desk.chooseInMenu('openRun')
  await expect(runs.rows).toHaveCount(1)
  await expect(runs.rows).toContainText(accuracy)
  await expect.poll(() => runs.points('Loss per step')).toBe(15)
  await expect.poll(() => runs.points('Loss per epoch')).toBe(1)
  await expect(page.getByTestId('kernels-live')).toHaveAccessibleName(/Grid of 25 kernels/)

  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length / 2))
  await desk.chooseInMenu('openRun')
  await expect(page.getByText('lesson.convscope cannot be opened')).toBeVisible()
  await expect(runs.rows).toHaveCount(1)
  expect(desk.pageErrors).toEqual([])
})

test('weights of a file are mapped onto the network and evaluated without training', async ({ desk }) => {
  const page = await desk.start()
  const accuracy = await trained(page)
  const [run = ''] = readdirSync(join(desk.home, 'runs'))
  await desk.answer({ open: join(desk.home, 'runs', run, 'epoch-0001', 'weights.safetensors') })
  await new TrainScreen(page).showSetUp()
  await page.getByRole('button', { name: 'Start from weights of a file…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start from weights' })
  await expect(dialog.getByRole('status')).toContainText('18 of 18 weights come from the file.')
  expect(await seriousViolations(page), 'the table of weights').toEqual([])
  await dialog.getByRole('button', { name: 'Evaluate without training' }).click()
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('headline-accuracy')).toHaveText(accuracy)
  expect(desk.pageErrors).toEqual([])
})

async function deleteRuns(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const list = await window.convscope.call('runs.list', undefined)
    if (!list.ok) throw new Error(list.error.message)
    await window.convscope.call('runs.delete', { ids: list.value.map(({ id }) => id) })
  })
}
