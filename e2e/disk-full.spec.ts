import { expect } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const megabyte = 2 ** 20

test('training waits while the disk is full, and goes on by itself as soon as there is room', async ({ desk }) => {
  const disk = join(desk.home, 'disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${96 * megabyte}`, 'tmpfs', disk])
  test.skip(mounted.status !== 0, 'a disk of its own takes Linux and its root')
  try {
    const ballast = join(disk, 'ballast')
    // Leaves room for the weights to begin with (6 MB), not for those and Adam's means (17 MB).
    writeFileSync(ballast, new Uint8Array(78 * megabyte))
    const env = { CONVSCOPE_HOME: join(disk, 'home') }
    const page = await desk.start({ env })
    const workbench = new Workbench(page)
    const train = new TrainScreen(page)
    await train.train({ epochs: 2, limit: 2000 })
    await expect(page.getByText('Make room on the disk: training goes on by itself.')).toBeVisible({ timeout: 60_000 })
    await workbench.expectRunState('Paused')

    rmSync(ballast)
    await workbench.expectNothingTrains()
    await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible()
    await desk.quit()

    const again = await desk.start({ env })
    await new Workbench(again).go('Runs')
    const runs = new RunsScreen(again)
    await expect(runs.rows).toContainText('Finished')
    await runs.rows.click()
    // 1,800 pictures in batches of 64, twice: no step is missing, and none is there twice.
    await expect.poll(() => runs.points('Loss per step')).toBe(58)
    await expect.poll(() => runs.points('Loss per epoch')).toBe(2)
    await desk.quit()
  } finally {
    // Also under an app that a failed test leaves running.
    spawnSync('umount', ['-l', disk])
  }
})
