import { expect } from '@playwright/test'
import { test } from './fixtures/app'
import { seriousViolations } from './pages/axe'
import { ExperimentsScreen } from './pages/experiments-screen'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test('a grid of two by two is trained one after another, and compared in table and plot', async ({ desk }) => {
  test.slow()
  const page = await desk.start()
  const workbench = new Workbench(page)
  const screen = new ExperimentsScreen(page)
  await new TrainScreen(page).setUp({ epochs: 1, limit: 640 })
  await workbench.go('Experiments')
  await screen.openBuilder()
  await screen.vary('learning_rate', '0.01, 0.001')
  await screen.vary('conv1.out_channels', '4, 40')
  await expect(screen.dialog).toContainText('4 runs.')
  expect(await seriousViolations(page), 'the box').toEqual([])
  await screen.begin('Rates and widths')

  await expect(screen.rows).toHaveCount(4)
  await expect(screen.experiment).toContainText('4 of 4 done', { timeout: 120_000 })
  await workbench.expectNothingTrains()
  await expect(screen.rows.getByText('Finished', { exact: true })).toHaveCount(4)
  await expect(screen.rows.first().getByRole('img', { name: 'best' })).toBeVisible()
  await expect(screen.lines).toHaveCount(4)
  expect(await seriousViolations(page), 'the experiment').toEqual([])

  // By the keyboard: only runs of the larger rate pass.
  const lower = page.getByRole('slider', { name: 'learning_rate, lower end' })
  await lower.focus()
  await page.keyboard.press('End')
  await expect(lower).toHaveAttribute('aria-valuetext', '0.01')
  await expect(screen.rows).toHaveCount(2)
  await page.keyboard.press('Escape')
  await expect(screen.rows).toHaveCount(4)

  await page.getByRole('button', { name: 'Copy as CSV' }).click()
  await expect.poll(async () => (await desk.clipboard()).trim().split('\n').length).toBe(5)

  await screen.rows.first().click()
  await expect(new RunsScreen(page).rows).toHaveCount(4)
  expect(desk.pageErrors).toEqual([])
})

test('what waits in the queue waits through a restart, and begins when the person says so', async ({ desk }) => {
  test.slow()
  const page = await desk.start()
  const workbench = new Workbench(page)
  const train = new TrainScreen(page)
  await train.train({ epochs: 200, limit: 4000 })
  await train.expectPoints('Loss per step', 1)
  await train.showSetUp()
  await train.set('Epochs', 1)
  await expect(train.start).toHaveText('Add to queue')
  await train.start.click()
  await train.set('Epochs', 2)
  await train.start.click()
  await workbench.go('Experiments')
  const screen = new ExperimentsScreen(page)
  await expect(screen.queued).toHaveCount(2)
  await screen.queued.nth(1).getByRole('button', { name: 'Move to the front' }).click()
  await expect(screen.queued.first()).toContainText('2 epochs')
  expect(await seriousViolations(page), 'the queue').toEqual([])
  await desk.quit()

  const again = await desk.start()
  const later = new Workbench(again)
  const queue = new ExperimentsScreen(again)
  await expect(again.getByText('2 runs wait', { exact: true }).first()).toBeVisible()
  await later.expectNothingTrains()
  await later.go('Experiments')
  await expect(queue.queued.first()).toContainText('2 epochs')
  await queue.queued.nth(1).getByRole('button', { name: 'Take out of the queue' }).click()
  await expect(queue.queued).toHaveCount(1)
  await again.getByTestId('queue').getByRole('button', { name: 'Go on' }).click()
  await expect(queue.queued).toHaveCount(0)
  await expect.poll(() => desk.trainers()).toHaveLength(1)
  await later.pressRunBar('Stop')
  await later.expectNothingTrains()
  expect(desk.pageErrors).toEqual([])
})
