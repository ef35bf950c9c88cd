import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test('a run trains on MNIST to its end and is found again, with its curves, after a restart', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train({ epochs: 2, limit: 2000 })
  await train.expectPoints('Loss per step', 5)
  await expect(train.kernels).toHaveAccessibleName(/Grid of 25 kernels/)
  // 1,800 of the 2,000 train, in batches of 64.
  await train.expectPoints('Loss per step', 58)
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible()
  const accuracy = page.getByTestId('headline-accuracy')
  await expect.poll(async () => parseFloat(await accuracy.innerText())).toBeGreaterThan(60)
  expect(await train.points('Accuracy per epoch')).toBe(2)
  await new Workbench(page).expectNothingTrains()
  await expect.poll(() => desk.trainers()).toEqual([])
  expect(desk.pageErrors).toEqual([])
  const shown = await accuracy.innerText()
  await desk.quit()

  const again = await desk.start()
  await new Workbench(again).go('Runs')
  const runs = new RunsScreen(again)
  await expect(runs.rows).toHaveCount(1)
  await expect(runs.rows).toContainText('Finished')
  await expect(runs.rows).toContainText(shown)
  await runs.rows.click()
  await expect.poll(() => runs.points('Loss per step')).toBe(58)
  await expect.poll(() => runs.points('Loss per epoch')).toBe(2)
  await expect(again.getByTestId('kernels-live')).toHaveAccessibleName(/Grid of 25 kernels/)
})

test('pausing takes effect at once, resuming goes on, stopping keeps what was learned', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  const workbench = new Workbench(page)
  await train.train({ epochs: 50, limit: 4000 })
  await train.expectPoints('Loss per step', 3)
  await workbench.pressRunBar('Pause')
  await workbench.expectRunState('Paused')
  const paused = await train.points('Loss per step')
  await lookAround(workbench)
  const settled = await train.points('Loss per step')
  // The step that was under way, and the one that its message crossed.
  expect(settled - paused).toBeLessThanOrEqual(2)
  await lookAround(workbench)
  expect(await train.points('Loss per step')).toBe(settled)
  await workbench.pressRunBar('Resume')
  await workbench.expectRunState('Training')
  await train.expectPoints('Loss per step', paused + 10)
  await train.expectPoints('Loss per epoch', 1)
  await workbench.pressRunBar('Stop')
  await workbench.expectNothingTrains()
  await workbench.go('Runs')
  await expect(new RunsScreen(page).rows).toContainText('Stopped')
  await expect.poll(() => desk.trainers()).toEqual([])
})

test('the keyboard alone starts, pauses, resumes and stops', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  const workbench = new Workbench(page)
  await expect(train.start).not.toHaveAttribute('aria-disabled', 'true')
  await page.keyboard.press('Control+Enter')
  await train.expectPoints('Loss per step', 2)
  await page.keyboard.press('Space')
  await workbench.expectRunState('Paused')
  await page.keyboard.press('Control+4')
  await expect(new RunsScreen(page).rows).toContainText('Paused')
  await page.keyboard.press('Space')
  await workbench.expectRunState('Training')
  await page.keyboard.press('Control+.')
  await workbench.expectNothingTrains()
})

test('quitting while a run trains stops it and leaves no process', async ({ desk }) => {
  const train = new TrainScreen(await desk.start())
  await train.train({ epochs: 50, limit: 4000 })
  await train.expectPoints('Loss per epoch', 1)
  const [trainer = 0] = await desk.trainers()
  await desk.quit()
  expect(trainer).toBeGreaterThan(0)
  await expect.poll(() => isRunning(trainer)).toBe(false)

  const again = await desk.start()
  await new Workbench(again).go('Runs')
  await expect(new RunsScreen(again).rows).toContainText('Stopped')
})

/** Takes longer than several steps of training would. */
async function lookAround(workbench: Workbench): Promise<void> {
  await workbench.go('Data')
  await expect(workbench.page.getByTestId('sample-grid')).toBeVisible()
  await workbench.go('Runs')
  await expect(new RunsScreen(workbench.page).rows).toContainText('Paused')
  await workbench.go('Train')
  await expect(workbench.page.getByTestId('kernels-live')).toBeVisible()
}

/** A process that has ended but whose parent has not asked for it is still in the table, as a zombie (Z). */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
