import { expect } from '@playwright/test'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const brief = { epochs: 1, limit: 1000 }
const pageSize = 4096

/** Fills pages of a database with zeros: those of its tables of runs, steps and epochs, wherever they lie behind the first. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  for (let at = pageSize; at < bytes.length; at += 2 * pageSize) bytes.fill(0, at, at + pageSize)
  writeFileSync(file, bytes)
}

test('a damaged database is put right at the next start, and every run is there with its curves', async ({ desk }) => {
  const train = new TrainScreen(await desk.start())
  await train.train(brief)
  await expect(train.page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  const points = await train.points('Loss per step')
  await desk.quit()
  damage(join(desk.home, 'convscope.sqlite'))

  const page = await desk.start()
  const alerts = new Workbench(page).alerts
  await expect(alerts).toContainText('The run database was damaged and has been put right')
  await expect(alerts).toContainText('No run is lost.')
  const kept = readdirSync(desk.home).find((name) => name.startsWith('convscope.sqlite.corrupt-')) ?? ''
  await expect(alerts).toContainText(kept)
  await new Workbench(page).go('Runs')
  const runs = new RunsScreen(page)
  await expect(runs.rows).toHaveCount(1)
  await expect(runs.rows).toContainText('Finished')
  await runs.rows.click()
  await expect.poll(() => runs.points('Loss per step')).toBe(points)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(alerts).toBeHidden()
})

test('a run that is deleted comes back with a backup made before', async ({ desk }) => {
  const file = join(desk.home, 'kept.zip')
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train(brief)
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  await desk.answer({ save: file, open: file })

  await desk.chooseInMenu('backup')
  const dialog = page.getByRole('dialog', { name: 'Back up' })
  await expect(dialog).toContainText('1 run')
  await dialog.getByRole('button', { name: 'Choose a file…' }).click()
  await expect(page.getByText('Backed up 1 run')).toBeVisible()
  await expect(dialog).toBeHidden()

  const gone = await page.evaluate(async () => {
    const list = await window.convscope.call('runs.list', undefined)
    const ids = list.ok ? list.value.map(({ id }) => id) : []
    await window.convscope.call('runs.delete', { ids })
    await window.convscope.call('runs.purge', { ids })
    return ids
  })
  expect(readdirSync(join(desk.home, 'runs'))).toEqual([])

  await desk.chooseInMenu('restore')
  const restore = page.getByRole('dialog', { name: 'Restore a backup' })
  await restore.getByRole('button', { name: 'Choose a file…' }).click()
  await expect(restore).toContainText('The file is whole.')
  await expect(restore).toContainText('0 runs')
  const again = await desk.startAgain(() => restore.getByRole('button', { name: 'Restore and restart' }).click())
  await expect(again.getByText(/The backup of .* was restored/)).toBeVisible()
  await new Workbench(again).go('Runs')
  await expect(new RunsScreen(again).rows).toHaveCount(1)
  expect(readdirSync(join(desk.home, 'runs'))).toEqual(gone)
  expect(readdirSync(desk.home).some((name) => name.startsWith('replaced-'))).toBe(true)
})

test('a file that is no backup is refused, and nothing changes', async ({ desk }) => {
  const file = join(desk.home, 'other.zip')
  writeFileSync(file, 'no zip')
  const page = await desk.start()
  await expect(new TrainScreen(page).start).toBeVisible()
  await desk.answer({ open: file })
  await desk.chooseInMenu('restore')
  const restore = page.getByRole('dialog', { name: 'Restore a backup' })
  await restore.getByRole('button', { name: 'Choose a file…' }).click()
  await expect(page.getByText(/cannot be restored/)).toBeVisible()
  await expect(restore.getByRole('button', { name: 'Restore and restart' })).toBeHidden()
  expect(readdirSync(desk.home).filter((name) => name.startsWith('restore'))).toEqual([])
})
