import { expect, type Page } from '@playwright/test'
import { test, type Desk } from './fixtures/app'
import { template, train } from './fixtures/train'
import { seriousViolations } from './pages/axe'
import { CompareView } from './pages/compare-view'
import { RunsScreen } from './pages/runs-screen'
import { Workbench } from './pages/workbench'

/** Three runs over each other in the whole window: two of 30 steps and one of 45. */
async function compareThree(desk: Desk): Promise<{ page: Page; compare: CompareView }> {
  train(desk, 'reference', 'Slow', '--learning-rate', '0.0001')
  train(desk, 'reference', 'Quick', '--learning-rate', '0.01', '--optimizer', 'sgd')
  train(desk, template('lenet5'), 'Long', '--learning-rate', '0.01', '--epochs', '3')
  const page = await desk.start()
  await new Workbench(page).go('Runs')
  const runs = new RunsScreen(page)
  await runs.row('Slow').click()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Use the whole window' }).click()
  await expect(runs.overlay('trainLoss')).toHaveAccessibleName(/points of 3 runs$/)
  return { page, compare: new CompareView(page) }
}

test('charts are zoomed together by mouse and keyboard, and brought back together', async ({ desk }) => {
  test.slow()
  const { page, compare } = await compareThree(desk)

  await test.step('all charts begin and end alike, though validation begins with the first epoch’s end', async () => {
    await compare.expectShown('trainLoss', [1, 45])
    await compare.expectShown('validationLoss', [1, 45])
    await compare.expectShown('learningRate', [1, 45])
  })

  await test.step('a drag in one zooms all; its button brings all back', async () => {
    await compare.drag('trainLoss', 0.25, 0.75)
    await compare.expectShown('trainLoss', [12, 34])
    await compare.expectShown('validationAccuracy', [12, 34])
    await compare.card('validationAccuracy').getByRole('button', { name: 'Reset zoom' }).click()
    await compare.expectShown('trainLoss', [1, 45])
    await compare.expectShown('validationAccuracy', [1, 45])
    await expect(compare.view.getByRole('button', { name: 'Reset zoom' })).toHaveCount(0)
  })

  await test.step('the wheel with Ctrl, Shift with a drag, and a double click', async () => {
    await compare.point('validationLoss', 0)
    await page.keyboard.down('Control')
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -100)
    await page.keyboard.up('Control')
    await expect.poll(async () => (await compare.shown('trainLoss'))[1]).toBeLessThan(30)
    const [low, high] = await compare.shown('trainLoss')
    expect(low).toBeCloseTo(1, 3)
    await page.keyboard.down('Shift')
    await compare.drag('validationLoss', 0.8, 0.4)
    await page.keyboard.up('Shift')
    await expect.poll(async () => (await compare.shown('learningRate'))[0]).toBeGreaterThan(2)
    const [from, to] = await compare.shown('learningRate')
    expect(to - from).toBeCloseTo(high - low, 3)
    await compare.point('trainLoss', 0.5)
    await page.mouse.dblclick(...(await middleOf(compare)))
    await compare.expectShown('validationLoss', [1, 45])
  })

  await test.step('by the keyboard: around the place that is read, and what is shown follows it', async () => {
    await page.mouse.move(5, 5)
    const reader = compare.reader('trainLoss')
    await reader.focus()
    await page.keyboard.press('Home')
    await expect(reader).toHaveAttribute('aria-valuenow', '1')
    await page.keyboard.press('+')
    await page.keyboard.press('+')
    await compare.expectShown('trainLoss', [1, 1 + 44 / 2.25])
    await compare.expectShown('validationLoss', [1, 1 + 44 / 2.25])
    await page.keyboard.press('End')
    await compare.expectShown('validationLoss', [45 - 44 / 2.25, 45])
    await page.keyboard.press('-')
    await page.keyboard.press('0')
    await compare.expectShown('trainLoss', [1, 45])
    // Keys of the list mean nothing else here.
    await expect(new RunsScreen(page).compare).toBeVisible()
  })

  await test.step('epochs and seconds are zoomed into as well, and another axis shows all of it', async () => {
    await compare.align('Epoch')
    await compare.expectShown('validationLoss', [0, 3])
    await compare.drag('validationAccuracy', 0.4, 0.6)
    await expect.poll(async () => spanOf(await compare.shown('trainLoss'))).toBeLessThan(0.7)
    await compare.align('Time')
    await expect(compare.view.getByRole('button', { name: 'Reset zoom' })).toHaveCount(0)
    const whole = spanOf(await compare.shown('trainLoss'))
    await compare.drag('trainLoss', 0.25, 0.75)
    await expect.poll(async () => spanOf(await compare.shown('learningRate')) / whole).toBeCloseTo(0.5, 1)
  })
  expect(await seriousViolations(page), 'charts over each other').toEqual([])
  expect(desk.pageErrors).toEqual([])
})

test('a place is read in all runs, as the saved numbers have it, step by step, by epoch and by time', async ({
  desk,
}) => {
  test.slow()
  const { page, compare } = await compareThree(desk)
  const rows = await compare.numbers(desk, 'trainLoss')
  expect(rows).toHaveLength(30 + 30 + 45)
  const at = (step: string, name: string) => rows.find((row) => row.step === step && row.name === name)

  await test.step('by the mouse', async () => {
    await compare.point('trainLoss', 11 / 44)
    await expect(compare.values).toContainText('Step 12')
    for (const name of ['Slow', 'Quick', 'Long']) {
      const row = compare.values.locator('.row', { hasText: name })
      await expect(row.locator('.number')).toHaveText(Number(at('12', name)?.['trainLoss_smoothed_0.9']).toPrecision(4))
    }
    // The other charts mark the same place.
    await expect(compare.reader('validationLoss')).toHaveAttribute('aria-valuenow', /^1[12]\./)
    await expect(compare.card('validationLoss').locator('.line')).toBeVisible()
    await page.mouse.move(5, 5)
    await expect(compare.values).toBeHidden()
    await expect(compare.card('validationLoss').locator('.line')).toBeHidden()
  })

  await test.step('the curve under the pointer stands out', async () => {
    await compare.point('trainLoss', 0.6, 0.02)
    const [first] = await compare.values.locator('.row .name').allTextContents()
    await expect(compare.values.locator('.row.nearest .name')).toHaveText(first ?? '')
    await compare.point('trainLoss', 0.6, 0.98)
    const last = (await compare.values.locator('.row .name').allTextContents()).at(-1)
    await expect(compare.values.locator('.row.nearest .name')).toHaveText(last ?? '')
  })

  await test.step('by the keyboard, to the ends: runs that have ended before have nothing there', async () => {
    await page.mouse.move(5, 5)
    const reader = compare.reader('trainLoss')
    await reader.focus()
    await page.keyboard.press('End')
    const last = Number(at('45', 'Long')?.['trainLoss_smoothed_0.9']).toPrecision(4)
    await expect(reader).toHaveAttribute('aria-valuetext', `Step 45; Long ${last}`)
    await page.keyboard.press('ArrowLeft')
    const before = Number(at('44', 'Long')?.['trainLoss_smoothed_0.9']).toPrecision(4)
    await expect(reader).toHaveAttribute('aria-valuetext', `Step 44; Long ${before}`)
    await expect(compare.values).toContainText('Step 44')
  })

  await test.step('epochs end at other places than where it is read: each value says where', async () => {
    await compare.align('Epoch')
    await compare.expectShown('validationAccuracy', [0, 3])
    await compare.reader('validationAccuracy').focus()
    await page.keyboard.press('End')
    const long = compare.values.locator('.row', { hasText: 'Long' })
    await expect(compare.values.locator('.row')).toHaveCount(1)
    await expect(long.locator('.faint')).toHaveText('3')
    const accuracy = (await compare.numbers(desk, 'validationAccuracy')).filter(({ name }) => name === 'Long').at(-1)
    expect(accuracy?.epoch).toBe('3')
    await compare.reader('validationAccuracy').focus()
    await page.keyboard.press('End')
    await expect(long.locator('.number')).toHaveText(`${(Number(accuracy?.validationAccuracy) * 100).toFixed(2)}%`)
  })

  await test.step('by time, all epochs in their order', async () => {
    await compare.align('Time')
    const times = (await compare.numbers(desk, 'validationLoss')).filter(({ name }) => name === 'Long')
    const seconds = times.map(({ time }) => Number(time))
    expect(seconds).toHaveLength(3)
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b))
    const steps = (await compare.numbers(desk, 'trainLoss')).filter(({ name }) => name === 'Long')
    expect(Number(steps.at(-1)?.time)).toBeLessThan(seconds[2] ?? 0)
    await compare.reader('validationLoss').focus()
    await page.keyboard.press('End')
    await expect(compare.values).toContainText(/Time \d+(\.\d)?s/)
  })
  expect(desk.pageErrors).toEqual([])
})

test('what is hidden, smoothed or on a logarithmic scale is so in the chart and in every file of it', async ({
  desk,
}) => {
  test.slow()
  const { page, compare } = await compareThree(desk)
  const curves = async (metric: 'trainLoss' | 'validationLoss' = 'validationLoss') => {
    const svg = (await compare.save(desk, metric, 'SVG')).toString('utf8')
    return { svg, lines: svg.match(/<polyline [^>]*>/g) ?? [], texts: textsOf(svg) }
  }

  await test.step('a hidden run is gone from the values, the drawing and the numbers', async () => {
    await compare.entry('Quick').click()
    await expect(compare.entry('Quick')).toHaveAttribute('aria-pressed', 'false')
    await expect(new RunsScreen(page).overlay('validationLoss')).toHaveAccessibleName(/points of 2 runs$/)
    const { lines, texts } = await curves()
    expect(lines).toHaveLength(2)
    expect(texts).toContain('Slow')
    expect(texts).not.toContain('Quick')
    expect(new Set((await compare.numbers(desk, 'validationLoss')).map(({ name }) => name))).toEqual(
      new Set(['Slow', 'Long']),
    )
    await compare.point('trainLoss', 0.3)
    await expect(compare.values.locator('.row')).toHaveCount(2)
    await expect(compare.values).not.toContainText('Quick')
  })

  await test.step('one alone: by a double click, by Shift and Enter, and all again', async () => {
    await compare.entry('Long').dblclick()
    expect((await curves()).texts.filter((text) => ['Slow', 'Quick', 'Long'].includes(text))).toEqual(['Long'])
    await compare.legend.getByRole('button', { name: 'Show all' }).click()
    expect((await curves()).lines).toHaveLength(3)
    await compare.entry('Slow').focus()
    await page.keyboard.press('Shift+Enter')
    await expect(compare.entry('Long')).toHaveAttribute('aria-pressed', 'false')
    expect((await curves()).lines).toHaveLength(1)
    await compare.entry('Slow').focus()
    await page.keyboard.press('Shift+Enter')
    await expect(compare.entry('Long')).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('smoothing changes the curve, and the numbers say which they are', async () => {
    const [smooth] = (await curves('trainLoss')).lines
    const before = await compare.numbers(desk, 'trainLoss')
    const slider = compare.view.getByRole('slider', { name: 'Smoothing' })
    await slider.focus()
    await page.keyboard.press('Home')
    await expect(compare.view.getByText('0.00')).toBeVisible()
    await expect.poll(async () => (await curves('trainLoss')).texts).not.toContain('Smoothing 0.9')
    const rough = await curves('trainLoss')
    expect(rough.lines[0]).not.toBe(smooth)
    const after = await compare.numbers(desk, 'trainLoss')
    expect(Object.keys(after[0] ?? {})).toEqual(['run', 'name', 'step', 'trainLoss'])
    expect(after.map(({ trainLoss }) => trainLoss)).toEqual(before.map(({ trainLoss }) => trainLoss))
    expect(before.map((row) => row['trainLoss_smoothed_0.9'])).not.toEqual(before.map(({ trainLoss }) => trainLoss))
    // The mean of the first is the first.
    expect(before[0]?.['trainLoss_smoothed_0.9']).toBe(before[0]?.trainLoss)
    await slider.focus()
    await page.keyboard.press('End')
    await expect.poll(async () => (await curves('trainLoss')).texts).toContain('Smoothing 0.99')
  })

  await test.step('a logarithmic scale has ticks at equal ratios', async () => {
    await compare.card('learningRate').getByRole('button', { name: 'Logarithmic scale' }).click()
    const svg = (await compare.save(desk, 'learningRate', 'SVG')).toString('utf8')
    const heights = new Map(
      [...svg.matchAll(/stroke="[^"]+"\/><text [^>]*y="([\d.]+)"[^>]*text-anchor="end"[^>]*>([^<]+)</g)].map(
        ([, y, text]) => [Number(text), Number(y)],
      ),
    )
    const of = (value: number) => heights.get(value) ?? NaN
    expect(of(0.001) - of(0.01)).toBeGreaterThan(10)
    expect(of(0.001) - of(0.01)).toBeCloseTo(of(0.0002) - of(0.002), 0)
    await compare.card('learningRate').getByRole('button', { name: 'Logarithmic scale' }).click()
  })
  expect(desk.pageErrors).toEqual([])
})

test('a picture is as large as its drawing says, in the colours of the scheme', async ({ desk }) => {
  test.slow()
  const { page, compare } = await compareThree(desk)
  for (const theme of ['Light', 'Dark'] as const) {
    await test.step(theme, async () => {
      await new Workbench(page).prefer('Appearance', theme)
      const svg = (await compare.save(desk, 'validationLoss', 'SVG')).toString('utf8')
      const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? []
      const picture = await pixelsOf(page, await compare.save(desk, 'validationLoss', 'PNG'))
      expect([picture.width, picture.height]).toEqual([Number(width) * 2, Number(height) * 2])
      const ground = await page.evaluate(
        () => getComputedStyle(document.querySelector('.card') as Element).backgroundColor,
      )
      expect(`rgb(${picture.corner.join(', ')})`).toBe(ground)
      // Ground, grid, words, and a colour for each of three runs.
      expect(picture.colours).toBeGreaterThan(6)
    })
  }
  expect(desk.pageErrors).toEqual([])
})

function spanOf([low, high]: readonly [number, number]): number {
  return high - low
}

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text ?? '')
}

async function middleOf(compare: CompareView): Promise<[number, number]> {
  const box = await compare.reader('trainLoss').boundingBox()
  return box ? [box.x + box.width / 2, box.y + box.height / 2] : [0, 0]
}

/** What a PNG holds, decoded by the browser. */
async function pixelsOf(page: Page, file: Buffer) {
  expect(file.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  return page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      const counts = new Map<number, number>()
      for (const colour of new Uint32Array(data.buffer)) counts.set(colour, (counts.get(colour) ?? 0) + 1)
      // Edges are blended; what is drawn has many pixels of its own.
      const colours = [...counts.values()].filter((count) => count > 200).length
      return { width: image.width, height: image.height, corner: [...data.slice(0, 3)], colours }
    },
    [...file],
  )
}
