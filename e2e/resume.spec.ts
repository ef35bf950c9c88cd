import { expect } from '@playwright/test'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test('a run whose trainer was killed goes on from its last checkpoint', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train({ epochs: 4, limit: 4000 })
  await train.expectPoints('Loss per epoch', 1)
  const [trainer = 0] = await desk.trainers()
  process.kill(trainer, 'SIGKILL')
  await expect(page.getByText('This run failed')).toBeVisible()

  await page.getByRole('main').getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 90_000 })
  expect(await train.points('Loss per epoch')).toBe(4)
})

test('after a kill of the whole app the run is offered at the next start, and loses nothing', async ({ desk }) => {
  const train = new TrainScreen(await desk.start())
  await train.train({ epochs: 4, limit: 4000 })
  await train.expectPoints('Loss per epoch', 1)
  await desk.kill()

  const page = await desk.start()
  const banner = page.getByRole('status').filter({ hasText: 'Convscope ended while' })
  await banner.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 90_000 })
  await new Workbench(page).go('Runs')
  const runs = new RunsScreen(page)
  await expect(runs.rows).toHaveCount(1)
  await expect(runs.rows).toContainText('Finished')

  // For more epochs, and as another run from an earlier moment.
  await runs.rows.click()
  await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Train on…' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Epochs in all' }).fill('5')
  await page.getByRole('dialog').getByRole('button', { name: 'Train on' }).click()
  await expect(page.getByRole('main').getByRole('button', { name: 'Fork…' })).toBeVisible({ timeout: 90_000 })
  await page.getByRole('main').getByRole('button', { name: 'Fork…' }).click()
  const fork = page.getByRole('dialog')
  await fork.getByRole('textbox', { name: 'Epochs' }).fill('1')
  await fork.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByRole('main').getByRole('button', { name: 'Fork…' })).toBeVisible({ timeout: 90_000 })
  await new Workbench(page).go('Runs')
  await expect(runs.rows).toHaveCount(2)
})
