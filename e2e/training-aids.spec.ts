import { expect } from '@playwright/test'
import { test } from './fixtures/app'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test('a rate is found and used, and a run with every aid records its distributions', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  const workbench = new Workbench(page)
  await workbench.go('Train')
  await train.setUp({ epochs: 3, limit: 1500 })

  await page.getByTestId('find-rate').click()
  const finder = page.getByRole('dialog', { name: 'Find a learning rate' })
  await finder.getByTestId('rate-test').click()
  await expect(finder.getByTestId('rate-verdict')).toContainText('Suggested:', { timeout: 120_000 })
  const said = await finder.getByTestId('rate-verdict').innerText()
  const suggested = Number(/Suggested: (\S+)/.exec(said)?.[1])
  expect(suggested).toBeGreaterThan(1e-6)
  expect(suggested).toBeLessThan(1)
  await finder.getByTestId('rate-use').click()
  await expect(page.getByRole('textbox', { name: 'Learning rate', exact: true })).toHaveValue(String(suggested))
  // Its process is gone before a run begins.
  await expect.poll(() => desk.trainers()).toEqual([])

  await page.getByRole('button', { name: 'Training aids' }).click()
  await page.getByRole('switch', { name: 'Clip gradients' }).click()
  await page.getByRole('switch', { name: 'Record distributions' }).click()
  await page.getByRole('button', { name: 'Balanced', exact: true }).click()
  await train.set('Warm-up steps', 10)
  await train.start.click()
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 120_000 })
  const strip = page.getByTestId('distribution-conv1.weight').getByRole('img')
  await expect(strip).toHaveAccessibleName(/distribution over 3 epochs/)
  await page.getByRole('button', { name: 'Gradients', exact: true }).click()
  await expect(strip).toHaveAccessibleName(/conv1.weight: distribution over 3 epochs.*mean/)
  await expect(page.getByTestId('distribution-bn1.running_mean')).toHaveCount(0)
  expect(desk.pageErrors).toEqual([])
})
