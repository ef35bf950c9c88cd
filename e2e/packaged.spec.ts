import { expect } from '@playwright/test'
import { packagedProgram, test } from './fixtures/app'
import { TrainScreen } from './pages/train-screen'

test('the packed app trains', async ({ desk }) => {
  test.skip(!packagedProgram, 'CONVSCOPE_PACKAGED names no packed app')
  const page = await desk.start({ packaged: true })
  await new TrainScreen(page).train({ epochs: 1, limit: 2000 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 90_000 })
  expect(desk.pageErrors).toEqual([])
})
