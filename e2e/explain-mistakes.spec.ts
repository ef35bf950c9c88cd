import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from './fixtures/app'
import { ExplainMistakes } from './pages/explain-mistakes'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const methods = ['gradCam', 'saliency', 'integratedGradients', 'occlusion'] as const

test('why this answer, and mistakes, of a trained network', async ({ desk }) => {
  test.setTimeout(240_000)
  const page = await desk.start()
  await new TrainScreen(page).train({ epochs: 1, limit: 3000 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  const view = new ExplainMistakes(page)

  await test.step('the picture’s answer, and a map by each method', async () => {
    await view.open('Why this answer')
    await expect(view.bars).toHaveCount(10)
    const sum = (await view.probabilities()).reduce((total, share) => total + share, 0)
    expect(Math.abs(sum - 100)).toBeLessThan(0.6)
    for (const method of methods) await expect.poll(() => view.largest(method)).toBeGreaterThan(0)
    const [total, difference] = await view.completeness()
    expect(Math.abs(total - difference) / Math.abs(difference)).toBeLessThan(0.05)
  })

  await test.step('a map is saved as a picture', async () => {
    const file = join(desk.home, 'map.png')
    await desk.answer({ save: file })
    await view.map('gradCam').getByRole('button', { name: 'Save as picture (PNG)' }).click()
    await expect(page.getByText('Picture saved')).toBeVisible()
    expect([...readFileSync(file).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  })

  await test.step('another class has other maps', async () => {
    const before = await view.largest('integratedGradients')
    await view.bars.nth(3).click()
    await expect(view.bars.nth(3)).toHaveAttribute('aria-pressed', 'true')
    await expect(view.map('integratedGradients').locator('canvas')).toHaveAccessibleName(/Integrated gradients for 3/)
    await expect.poll(() => view.largest('integratedGradients')).not.toBe(before)
    await page.getByRole('button', { name: 'Follow the prediction again' }).click()
  })

  await test.step('a picture made for a unit, which answers more and more', async () => {
    await view.choose('Why this answer', 'A unit')
    await page.getByRole('textbox', { name: 'Iterations' }).fill('64')
    await page.getByRole('button', { name: 'Make it' }).click()
    const note = page.getByTestId('maximise-note')
    await expect(note).toContainText('reaches', { timeout: 30_000 })
    await expect(page.getByRole('img', { name: /^Activation: 65 points/ })).toBeVisible()
    expect(Number(/reaches ([\d.]+)\.$/.exec(await note.innerText())?.[1])).toBeGreaterThan(0)
  })

  await test.step('the nine patches of the test pictures that it answers to most', async () => {
    await page.getByRole('button', { name: 'Find patches' }).click()
    await expect(page.getByTestId('patches')).toHaveAttribute('data-count', '9', { timeout: 60_000 })
    await expect(page.getByTestId('patches-card')).toContainText('Of 10,000 pictures.')
    await page.getByTestId('patches').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(view.bars).toHaveCount(10)
  })

  await test.step('the confusion matrix counts every test picture', async () => {
    await view.open('Mistakes')
    await view.expectReady()
    const counts = await view.counts()
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10_000)
    const hits = counts.filter((_, cell) => cell % 11 === 0).reduce((sum, count) => sum + count, 0)
    expect(await view.accuracy()).toBeCloseTo(hits / 100, 2)
    expect(hits).toBeGreaterThan(6000)
  })

  await test.step('a cell’s picture is what the cell says, to the network too', async () => {
    const counts = await view.counts()
    const mistakes = counts.map((count, cell) => (cell % 11 === 0 ? 0 : count))
    const cell = mistakes.indexOf(Math.max(...mistakes))
    const [label, predicted] = [Math.floor(cell / 10), cell % 10]
    await view.cell(label, predicted).click()
    await expect(page.getByTestId('cell-title')).toContainText(`${label} taken for ${predicted}`)
    await expect(view.wall).toHaveAttribute('data-count', String(counts[cell]))
    await view.wall.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(view.verdict).toContainText(new RegExp(`Wrong: says ${predicted} .* it is ${label}$`))
  })

  await test.step('the hardest pictures, calibration, and an embedding', async () => {
    await view.open('Mistakes')
    await view.choose('Mistakes', 'Hardest')
    await expect(view.wall).toHaveAttribute('data-count', /^[1-9]/)
    await view.choose('Mistakes', 'Calibration')
    await expect(page.getByTestId('calibration-facts')).toContainText(/Calibration error \(ECE\)\s*[\d.]+%/)
    await view.choose('Mistakes', 'Embedding')
    await page.getByRole('textbox', { name: 'Pictures' }).fill('300')
    await page.getByRole('button', { name: 'Embed', exact: true }).click()
    await expect(page.getByTestId('embedding-plot')).toHaveAttribute('data-count', '300', { timeout: 60_000 })
  })

  await test.step('the random start is no better than chance', async () => {
    await page.getByTestId('epoch-slider').getByRole('slider').focus()
    await page.keyboard.press('Home')
    await expect.poll(() => view.accuracy(), { timeout: 60_000 }).toBeLessThan(40)
  })
  expect(desk.pageErrors).toEqual([])
})

test('both can be seen while a run trains', async ({ desk }) => {
  test.setTimeout(120_000)
  const page = await desk.start()
  const train = new TrainScreen(page)
  const workbench = new Workbench(page)
  await train.train({ epochs: 50, limit: 4000 })
  await train.expectPoints('Loss per step', 5)
  const view = new ExplainMistakes(page)
  await view.open('Why this answer')
  await expect(view.bars).toHaveCount(10)
  for (const method of methods) await expect.poll(() => view.largest(method)).toBeGreaterThan(0)
  await view.open('Mistakes')
  await view.expectReady()
  expect(await view.accuracy()).toBeGreaterThan(0)
  await workbench.pressRunBar('Stop')
  await workbench.expectNothingTrains()
  expect(desk.pageErrors).toEqual([])
})
