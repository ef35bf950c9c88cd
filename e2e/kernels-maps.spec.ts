import { expect, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNpy } from '../shared/formats/npy'
import { test } from './fixtures/app'
import { InsideScreen } from './pages/inside-screen'
import { askInside, newestRun } from './pages/inside'

const random = { type: 'epoch', epoch: 0 } as const
const now = { type: 'now' } as const

test('kernels are replayed from the random start, and saved as picture, array and animation', async ({ desk }) => {
  const inside = await InsideScreen.afterTraining(desk, { epochs: 2, limit: 1000 })
  const { page } = inside
  const run = await newestRun(page)
  await inside.show('Kernels')
  await expect(inside.kernels).toHaveAccessibleName(/^25 kernels of conv1/)
  await expect(inside.moment).toHaveText('After epoch 2')

  const { answer: learned } = await askInside(page, { run, moment: now }, { type: 'kernels', layer: 'conv1' })
  const array = join(desk.home, 'conv1.npy')
  await desk.answer({ save: array })
  await inside.press('npy')
  await expect(page.getByText(array)).toBeVisible()
  const saved = readNpy(readFileSync(array), array)
  expect(saved.shape).toEqual([25, 1, 3, 3])
  expect([...saved.values]).toEqual(learned?.values)

  await inside.slider.press('Home')
  await expect(inside.moment).toHaveText('Random start')
  const { answer: start } = await askInside(page, { run, moment: random }, { type: 'kernels', layer: 'conv1' })
  expect(start?.values).not.toEqual(learned?.values)
  // The chosen kernel's numbers are those of the moment.
  await inside.kernels.press('ArrowRight')
  await expect(inside.inspector.getByRole('heading', { name: 'Kernel 1' })).toBeVisible()
  await expect(inside.inspector.getByText(normOf(start?.values.slice(0, 9)))).toBeVisible()
  await inside.press('Replay the training')
  await expect(inside.moment).toHaveText('After epoch 2')
  await expect(inside.inspector.getByText(normOf(learned?.values.slice(0, 9)))).toBeVisible()

  const picture = join(desk.home, 'conv1.png')
  await desk.answer({ save: picture })
  await inside.press('PNG')
  await expect(page.getByText(picture)).toBeVisible()
  const { width, height } = sizeOfPng(readFileSync(picture))
  expect(width).toBeGreaterThan(500)
  expect(height).toBeGreaterThan(500)

  const animation = join(desk.home, 'conv1.gif')
  await desk.answer({ save: animation })
  await inside.press('Animation…')
  await expect(page.getByTestId('animation-preview')).toBeVisible()
  await inside.press('Save…')
  await expect(page.getByText(animation)).toBeVisible()
  const frames = await framesOf(page, readFileSync(animation))
  expect(frames.count).toBe(3)
  expect(frames.repeats).toBe('Infinity')
  expect(new Set(frames.sums).size).toBe(3)

  await inside.press('Step through this convolution')
  await expect(page.getByRole('group', { name: 'View' }).getByRole('button', { name: 'Convolution' })).toHaveAttribute(
    'data-state',
    'on',
  )
  expect(desk.pageErrors).toEqual([])
})

test('a drawn digit is answered while it is drawn; each unit tells its value and what it sees', async ({ desk }) => {
  const inside = await InsideScreen.afterTraining(desk, { epochs: 1, limit: 3000 })
  const { page } = inside
  const run = await newestRun(page)
  await inside.show('Feature maps')
  await expect(inside.probabilities.getByRole('listitem')).toHaveCount(10)

  // The third test picture is a 1.
  await inside.openPicture('Data set')
  await page.getByRole('textbox', { name: 'Picture number' }).fill('3')
  await expect(inside.picture).toHaveText(/Test 3 · 1/)
  await expect.poll(() => inside.mostLikely()).toBe('1')
  const { answer } = await askInside(
    page,
    { run, moment: now },
    {
      type: 'activations',
      picture: { type: 'dataset', split: 'test', index: 2 },
      pages: [{ layer: 'relu2', first: 0, count: 50 }],
    },
  )
  await inside.maps('relu2').hover({ position: { x: 3, y: 3 } })
  await expect(inside.unit).toContainText('Sees 8 × 8 pixels')
  await expect(inside.unit).toContainText('row 1, column 1')
  const value = answer?.pages[0]?.values[0] ?? NaN
  await expect(inside.unit.locator('.value')).toHaveText(value === 0 ? '0' : value.toPrecision(4))
  await expect(page.getByTestId('receptive-field').locator('rect')).toHaveAttribute('width', '8')

  await inside.openPicture('Draw')
  await inside.draw([
    [0.5, 0.15],
    [0.5, 0.85],
  ])
  await expect(inside.picture).toHaveText('Drawing')
  await expect.poll(() => inside.mostLikely()).toBe('1')
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName('stroke-to-maps').length)).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(inside.pad).toHaveAccessibleName(/0 strokes/)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(inside.pad).toHaveAccessibleName(/1 stroke\./)
  expect(desk.pageErrors).toEqual([])
})

test('own pictures come from a file or the clipboard, and two moments are compared', async ({ desk }) => {
  const inside = await InsideScreen.afterTraining(desk, { epochs: 1, limit: 1000 })
  const { page } = inside
  await inside.show('Feature maps')
  await inside.openPicture('File')
  const png = await inkOnPaper(page)
  await page.getByTestId('picture-file').setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: png })
  await expect(inside.picture).toHaveText('Own picture')
  // Dark ink on bright paper is turned round by itself.
  await expect(page.getByRole('switch', { name: 'Swap dark and bright' })).toHaveAttribute('data-state', 'checked')

  await inside.openPicture('Data set')
  await page.getByRole('textbox', { name: 'Picture number' }).fill('5')
  await expect(inside.picture).toHaveText(/Test 5/)
  await page.evaluate(
    (bytes) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    [...png],
  )
  await expect(inside.picture).toHaveText('Own picture')
  await expect(inside.panel.getByText('pasted.png')).toBeVisible()
  await page.evaluate(
    (bytes) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }))
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      }
    },
    [...png],
  )
  await expect(inside.panel.getByText('dropped.png')).toBeVisible()
  await page.getByTestId('picture-file').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.of(1) })
  await expect(page.getByText('x.png is not a picture that can be read.')).toBeVisible()

  await inside.press('Compare')
  await inside.slider.first().press('Home')
  await expect(inside.moment).toHaveText(['Random start', 'After epoch 1'])
  await expect(inside.maps('relu1')).toHaveCount(3)
  await inside.show('Kernels')
  await expect(inside.kernels).toHaveCount(3)
  await inside.press('Stop comparing')
  await expect(inside.kernels).toHaveCount(1)
  expect(desk.pageErrors).toEqual([])
})

/** The L2 norm as the window writes it. */
function normOf(weights: readonly number[] | undefined): string {
  return Math.hypot(...(weights ?? [])).toPrecision(4)
}

/** From the header chunk of a PNG file. */
function sizeOfPng(file: Buffer): { width: number; height: number } {
  expect(file.toString('latin1', 1, 4)).toBe('PNG')
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
}

/** Decodes an animation as the browser does. `sums` tell the frames apart. */
async function framesOf(page: Page, file: Buffer) {
  return page.evaluate(
    async (bytes) => {
      const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: 'image/gif' })
      await Promise.all([decoder.completed, decoder.tracks.ready])
      const track = decoder.tracks.selectedTrack
      const count = track?.frameCount ?? 0
      const sums: number[] = []
      for (let frameIndex = 0; frameIndex < count; frameIndex++) {
        const { image } = await decoder.decode({ frameIndex })
        const pixels = new Uint8Array(image.allocationSize())
        await image.copyTo(pixels)
        sums.push(pixels.reduce((sum, value) => sum + value, 0))
        image.close()
      }
      return { count, repeats: String(track?.repetitionCount), sums }
    },
    [...file],
  )
}

/** A picture of a dark bar on white paper. */
async function inkOnPaper(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(120, 200)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no 2D drawing here')
    context.fillStyle = 'white'
    context.fillRect(0, 0, 120, 200)
    context.fillStyle = 'black'
    context.fillRect(50, 30, 18, 140)
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]
  })
  return Buffer.from(bytes)
}
