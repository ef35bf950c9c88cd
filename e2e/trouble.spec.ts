import { expect } from '@playwright/test'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const brief = { epochs: 1, limit: 1000 }

test('a trainer killed from outside is a failed run; the app goes on and trains again', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train({ epochs: 50, limit: 4000 })
  await train.expectPoints('Loss per epoch', 1)
  const [trainer = 0] = await desk.trainers()
  process.kill(trainer, 'SIGKILL')
  const told = page.getByRole('main')
  await expect(told.getByText('This run failed')).toBeVisible()
  await expect(told.getByText(/ended unexpectedly \(signal SIGKILL\)/)).toBeVisible()
  await new Workbench(page).expectNothingTrains()

  await train.showSetUp()
  await train.set('Epochs', 1)
  await train.start.click()
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
})

test('an app killed while it trains shows the run as failed at the next start, with its curves', async ({ desk }) => {
  const train = new TrainScreen(await desk.start())
  await train.train({ epochs: 50, limit: 4000 })
  await train.expectPoints('Loss per epoch', 1)
  await desk.kill()

  const page = await desk.start()
  await new Workbench(page).go('Runs')
  const runs = new RunsScreen(page)
  await expect(runs.rows).toContainText('Failed')
  await runs.rows.click()
  await expect.poll(() => runs.points('Loss per step')).toBeGreaterThan(50)
})

test('a damaged database is set aside with a notice, and training works', async ({ desk }) => {
  writeFileSync(join(desk.home, 'convscope.sqlite'), 'not a database '.repeat(1000))
  const page = await desk.start()
  await expect(new Workbench(page).alerts).toContainText('No runs were found in it')
  expect(readdirSync(desk.home).some((name) => name.startsWith('convscope.sqlite.corrupt-'))).toBe(true)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  const train = new TrainScreen(page)
  await train.train(brief)
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
})

test('a damaged data file is named, and keeps only its data set from training', async ({ desk }) => {
  const data = join(desk.home, 'data')
  mkdirSync(join(data, 'mnist'), { recursive: true })
  for (const part of ['train', 't10k']) {
    writeFileSync(join(data, 'mnist', `${part}-images-idx3-ubyte`), 'not pictures')
    writeFileSync(join(data, 'mnist', `${part}-labels-idx1-ubyte`), 'not labels')
  }
  const page = await desk.start({ env: { CONVSCOPE_DATA: data } })
  await expect(page.getByText('MNIST cannot be read')).toBeVisible()
  await expect(page.getByText(/train-images-idx3-ubyte is damaged/)).toBeVisible()
  await expect(new TrainScreen(page).start).toHaveAttribute('aria-disabled', 'true')
  await new Workbench(page).go('Data')
  await expect(page.getByRole('button', { name: /^MNIST Damaged/ })).toBeVisible()
})
