import { expect } from '@playwright/test'
import { hasDesktopServices } from '../scripts/setup/desktop-services.mjs'
import { test } from './fixtures/desktop'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

test.beforeAll(() => {
  test.skip(!hasDesktopServices(), 'no session bus: npm run setup -- --only=desktop')
})

test('the launcher shows how far a run is, and the computer stays awake while it trains', async ({ desk, desktop }) => {
  const page = await desk.start({ env: desktop.env })
  const workbench = new Workbench(page)
  await new TrainScreen(page).train({ epochs: 4, limit: 4000 })
  await expect.poll(() => desktop.maySleep()).toBe(false)
  await expect.poll(() => desktop.launcher()?.progress ?? 0, { timeout: 60_000 }).toBeGreaterThan(0.1)
  expect(desktop.launcher()?.entry).toBe('application://convscope.desktop')

  await workbench.pressRunBar('Pause')
  await workbench.expectRunState('Paused')
  await expect.poll(() => desktop.maySleep()).toBe(true)
  const paused = desktop.launcher()?.progress ?? 0
  expect(paused).toBeGreaterThan(0.1)
  await workbench.pressRunBar('Resume')
  await expect.poll(() => desktop.maySleep()).toBe(false)

  await workbench.expectNothingTrains()
  await expect.poll(() => desktop.maySleep()).toBe(true)
  await expect.poll(() => desktop.launcher()?.progress).toBe(null)
  const shown = desktop.events.flatMap((event) => (event.event === 'launcher' ? [event.progress ?? 0] : []))
  expect(Math.max(...shown)).toBeGreaterThan(paused)
  // Whoever looked at it all the time need not be told.
  expect(desktop.notifications()).toEqual([])
  expect(desktop.launcher()?.badge).toBe(0)
})

test('a run that ends while nobody looks is told of; a click on it brings the window back', async ({
  desk,
  desktop,
}) => {
  const page = await desk.start({ env: desktop.env })
  await new TrainScreen(page).train({ epochs: 1, limit: 2000 })
  await desk.lookAway()
  await expect.poll(() => desktop.notifications().length, { timeout: 60_000 }).toBe(1)
  const accuracy = await page.getByTestId('headline-accuracy').innerText()
  const [notice] = desktop.notifications()
  expect(notice?.title).toMatch(/^“.+” has finished$/)
  expect(notice?.body).toBe(`${accuracy} of the test pictures are recognized.`)
  await expect.poll(() => desktop.launcher()?.badge).toBe(1)
  expect(await desk.isLookedAt()).toBe(false)

  desktop.clickNotification()
  await expect.poll(() => desk.isLookedAt()).toBe(true)
  await expect.poll(() => desktop.launcher()?.badge).toBe(0)
})
