import { expect } from '@playwright/test'
import { test } from './fixtures/app'
import { ConvolutionView } from './pages/convolution-view'
import { askInside, newestRun } from './pages/inside'
import { TrainScreen } from './pages/train-screen'

// What PyTorch computes: `classic` of tests/golden/convolution.json.
const outputs = [
  [2, 6, 5, 0, 9, 1, 6, 9, 6],
  [3, 3, 1, 6, 4, 3, -1, 2, -1],
] as const

test('the classic convolution, without any network: step, scrub, edit, undo', async ({ desk }) => {
  const view = new ConvolutionView(await desk.start())
  const { page } = view
  await view.open()
  await view.expectNumbers('Output of filter 0', outputs[0])
  await view.expectNumbers('Output of filter 1', outputs[1])
  expect((await view.numbers('Input, channel 0')).slice(0, 14)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0])
  await expect(view.sum).toHaveText('−2+0+3+1=2')

  await test.step('forward and back, by buttons and by keys', async () => {
    await view.press('One step on')
    await view.press('One step on')
    await expect(view.position).toHaveText('3 of 18')
    await expect(view.result).toHaveText('5')
    await view.press('One step back')
    await expect(view.result).toHaveText('6')
    await page.keyboard.press('End')
    await expect(view.position).toHaveText('18 of 18')
    await expect(view.result).toHaveText('−1')
    await page.keyboard.press('ArrowLeft')
    await expect(view.result).toHaveText('2')
    await page.keyboard.press('Home')
    await expect(view.position).toHaveText('1 of 18')
  })

  await test.step('scrubbing, and hovering an output to see its window', async () => {
    await view.scrubber.focus()
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight')
    await expect(view.position).toHaveText('5 of 18')
    await expect(view.result).toHaveText('9')
    await view.cell('Output of filter 1', 1, 0).hover()
    await expect(view.result).toHaveText('6')
    await expect(view.grid('Input, channel 1').locator('.lit')).toHaveCount(9)
    await view.rule.hover()
    await expect(view.result).toHaveText('9')
  })

  await test.step('playing goes over the outputs by itself, to the end', async () => {
    await page.getByRole('combobox', { name: 'Speed' }).click()
    await page.getByRole('option', { name: '8×' }).click()
    await page.keyboard.press('End')
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await expect(view.position).toHaveText('18 of 18', { timeout: 20_000 })
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  })

  await test.step('an edited weight changes the outputs of its filter, and undo brings them back', async () => {
    await view.edit('Filter 0, channel 0', 1, 1, '3')
    await view.expectNumbers('Output of filter 0', [2, 10, 5, 2, 9, 5, 10, 13, 8])
    await view.expectNumbers('Output of filter 1', outputs[1])
    await view.edit('Input, channel 2', 1, 1, '-0.5')
    await view.expectNumbers('Output of filter 0', [-0.5, 10, 5, 2, 9, 5, 10, 13, 8])
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await view.expectNumbers('Output of filter 0', outputs[0])
    await page.keyboard.press('Control+y')
    await view.expectNumbers('Output of filter 0', [2, 10, 5, 2, 9, 5, 10, 13, 8])
    await view.press('Back to the classic case')
    await view.expectNumbers('Output of filter 0', outputs[0])
  })

  await test.step('sizes that do not fit say why; others make another case', async () => {
    await page.getByRole('textbox', { name: 'Groups G', exact: true }).fill('2')
    await expect(view.rule).toContainText('C mod G = 3 mod 2 = 1 ≠ 0')
    await view.expectNumbers('Output of filter 0', outputs[0])
    await page.getByRole('textbox', { name: 'Groups G', exact: true }).fill('1')
    await page.getByRole('textbox', { name: 'Stride S', exact: true }).fill('1')
    await expect(view.rule).toContainText('(5 + 2 · 1 − 3) / 1 + 1 = 5')
    await expect(view.grid('Output of filter 0').getByRole('gridcell')).toHaveCount(25)
    await expect(view.position).toContainText('of 50')
  })
  expect(desk.pageErrors).toEqual([])
})

test('the classic convolution as matrices, backwards, as a linear map and as a template', async ({ desk }) => {
  const view = new ConvolutionView(await desk.start())
  await view.open()
  await view.press('One step on')

  await test.step('kernel matrix times columns is the output', async () => {
    await view.choose('Way of looking', 'Matrix')
    const [kernels, columns, product] = await Promise.all(
      ['Kernels as rows', 'Windows as columns (im2col)', 'Output'].map((name) => view.numbers(name)),
    )
    expect([kernels?.length, columns?.length]).toEqual([2 * 27, 27 * 9])
    expect(product).toEqual([...outputs[0], ...outputs[1]])
    const bias = [1, 0]
    const multiplied = product?.map((_, at) => {
      const [row, column] = [Math.floor(at / 9), at % 9]
      const sum = Array.from({ length: 27 }, (_, k) => kernels![row * 27 + k]! * columns![k * 9 + column]!)
      return sum.reduce((total, one) => total + one, bias[row]!)
    })
    expect(multiplied).toEqual(product)
    await view.cell('Output', 1, 3).click()
    await expect(view.position).toHaveText('13 of 18')
  })

  await test.step('gradients of one output, of all, and of another loss', async () => {
    await view.choose('Way of looking', 'Backward')
    await view.page.keyboard.press('Home')
    await view.press('One step on')
    await view.expectNumbers('Gradient of filter 0, channel 0', [0, 0, 0, 1, 2, 1, 0, 1, 2])
    await view.expectNumbers('Gradient of the bias of filter 0', [1])
    await view.choose('Which outputs pass their gradient on', 'All outputs')
    await view.expectNumbers('Gradient of filter 0, channel 0', [5, 5, 5, 5, 10, 5, 5, 5, 5])
    await view.expectNumbers('Gradient of filter 1, channel 2', [3, 7, 3, 5, 10, 5, 3, 7, 3])
    await view.expectNumbers('Gradient of the bias of filter 1', [9])
    const padded = await view.numbers('Gradient of the input, channel 1')
    expect(padded.slice(8, 13)).toEqual([1, 2, 1, 2, 1])
    await view.cell('Gradient of filter 0, channel 0', 1, 1).hover()
    await expect(view.gradientSum).toContainText('dw0[1, 1, 0] =')
    await expect(view.gradientSum).toContainText('=10')
    await view.edit('Gradient of the output of filter 0', 1, 1, '-2')
    await view.expectNumbers('Gradient of the bias of filter 0', [6])
    await view.expectNumbers('Gradient of filter 0, channel 0', [5, 2, -1, -1, 10, 5, 2, 2, -1])
  })

  await test.step('one row of a large matrix, and a cosine', async () => {
    await view.choose('Way of looking', 'Function mapping')
    await view.page.keyboard.press('Home')
    await view.press('One step on')
    const row = await view.numbers('Weights of the row, channel 0')
    expect(row.slice(0, 10)).toEqual([0, 1, 1, 0, 0, 0, 0, -1, 1, 0])
    await expect(view.page.getByTestId('mapping-sum')).toContainText('= 5 + 1 = 6')
    await view.choose('Way of looking', 'Template matching')
    const cosine = Number(await view.page.getByTestId('convolution-cosine').innerText())
    expect(cosine).toBeCloseTo(5 / Math.sqrt(26 * 16), 3)
  })
  expect(desk.pageErrors).toEqual([])
})

test('a trained layer on a picture of the data set, its copy, and its best matches', async ({ desk }) => {
  test.setTimeout(240_000)
  const page = await desk.start()
  await new TrainScreen(page).train({ epochs: 1, limit: 1200 })
  await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible({ timeout: 60_000 })
  const view = new ConvolutionView(page)
  await view.open()
  await view.choose('Which convolution', 'My network')
  await expect(view.position).toHaveText('1 of 16,900')

  const run = await newestRun(page)
  const picture = { type: 'dataset', split: 'test', index: 0 } as const
  const source = { run, moment: { type: 'now' } } as const

  await test.step('every layer, channel and position, with the engine’s own numbers', async () => {
    await page.getByRole('combobox', { name: 'Convolution of the network' }).click()
    await page.getByRole('option', { name: /^conv2/ }).click()
    await expect(view.position).toHaveText('1 of 6,050')
    await expect(page.getByText('Channels 0–7 of 25')).toBeVisible()
    await page.keyboard.press('End')
    const { answer } = await askInside(page, source, { type: 'convolution', picture, layer: 'conv2' })
    const last = answer?.output.at(-1) ?? NaN
    const shown = async () => Number((await view.result.innerText()).replaceAll('−', '-'))
    await expect.poll(async () => Math.abs((await shown()) - last)).toBeLessThan(1e-4)
    await expect(page.getByText('Filter 49, row 10, column 10')).toBeVisible()
  })

  await test.step('editing makes a copy; the network stays what it was', async () => {
    const { answer: before } = await askInside(page, source, { type: 'kernels', layer: 'conv2' })
    const was = await view.result.innerText()
    await view.edit('Bias of filter 49', 0, 0, '100')
    await expect(page.getByText('Edited copy')).toBeVisible()
    await expect(view.result).not.toHaveText(was)
    await view.press('Back to the trained one')
    await expect(view.result).toHaveText(was)
    expect((await askInside(page, source, { type: 'kernels', layer: 'conv2' })).answer).toEqual(before)
  })

  await test.step('the best and worst matches in the data set', async () => {
    await page.getByRole('combobox', { name: 'Convolution of the network' }).click()
    await page.getByRole('option', { name: /^conv1/ }).click()
    await expect(view.position).toContainText('of 16,900')
    await page.keyboard.press('Home')
    await view.choose('Way of looking', 'Template matching')
    await page.getByRole('button', { name: /^Find the matches/ }).click()
    const walls = page.getByTestId('patches')
    await expect(walls).toHaveCount(2, { timeout: 60_000 })
    const query = { type: 'matching', picture, layer: 'conv1', channel: 0 } as const
    const { answer: matching } = await askInside(page, source, query)
    const cosine = Number((await page.getByTestId('convolution-cosine').innerText()).replace('−', '-'))
    expect(Math.abs(cosine - (matching?.cosine[0] ?? NaN))).toBeLessThan(1e-3)
    await walls.first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => Number((await page.getByTestId('convolution-cosine').innerText()).replace('−', '-')))
      .toBeGreaterThan(0.5)
  })
  expect(desk.pageErrors).toEqual([])
})
