import { expect } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Picture } from '../shared/inspect/queries'
import type { InspectSource } from '../shared/inspect/source'
import { torchPython } from '../scripts/setup/python/environment.mjs'
import { test } from './fixtures/app'
import { askInside, newestRun, relativeDifference } from './pages/inside'
import { ExplainMistakes } from './pages/explain-mistakes'
import { InsideScreen } from './pages/inside-screen'

const repository = resolve(import.meta.dirname, '..')
const python = process.env['CONVSCOPE_PYTHON'] ?? torchPython()
const tolerance = 1e-4

/** What e2e/look_inside.py prints. */
interface Found {
  readonly activations: Readonly<Record<string, readonly number[]>>
  readonly saliency: readonly number[]
  readonly gradCam: Readonly<Record<string, readonly number[]>>
}

test('PyTorch finds the same inside the weights that the app exports', async ({ desk }) => {
  test.skip(python === null, 'no PyTorch: npm run setup -- --only=python')
  const inside = await InsideScreen.afterTraining(desk, { epochs: 1, limit: 2000 })
  const { page } = inside
  const run = await newestRun(page)
  const weights = join(desk.home, 'exported.safetensors')
  const program = join(repository, 'out', 'cli', 'convscope.mjs')
  execFileSync(process.execPath, [program, 'export', run, '--format', 'safetensors', '--output', weights], {
    env: { ...process.env, CONVSCOPE_HOME: desk.home },
    stdio: 'pipe',
  })

  const index = 11
  const asked = 6
  const picture: Picture = { type: 'dataset', split: 'test', index }
  const source: InspectSource = { run, moment: { type: 'now' } }
  const network = join(repository, 'resources', 'networks', 'reference.json')
  const printed = execFileSync(
    python ?? '',
    [join(import.meta.dirname, 'look_inside.py'), network, weights, String(index), String(asked), 'relu2', 'conv1'],
    { encoding: 'utf8', maxBuffer: 256e6 },
  )
  const torch = JSON.parse(printed) as Found

  const layers = ['conv1', 'bn1', 'relu1', 'conv2', 'relu2', 'fc1', 'relu4']
  const pages = layers.map((layer) => ({ layer, first: 0, count: 1024 }))
  const { answer } = await askInside(page, source, { type: 'activations', picture, pages })
  expect(answer?.pages.map(({ layer }) => layer)).toEqual(layers)
  for (const { layer, values } of answer?.pages ?? []) {
    expect(relativeDifference(values, torch.activations[layer]), layer).toBeLessThan(tolerance)
  }
  expect(relativeDifference(answer?.logits, torch.activations['fc3'])).toBeLessThan(tolerance)

  const attribution = { type: 'attribution', picture, class: asked, steps: 2, patch: 1, stride: 1 } as const
  const gradient = await askInside(page, source, { ...attribution, method: 'saliency', layer: null })
  expect(relativeDifference(gradient.answer?.values, torch.saliency)).toBeLessThan(tolerance)
  for (const layer of ['relu2', 'conv1']) {
    const cam = await askInside(page, source, { ...attribution, method: 'gradCam', layer })
    expect(relativeDifference(cam.answer?.values, torch.gradCam[layer]), layer).toBeLessThan(tolerance)
  }

  // What the window itself shows of them.
  await inside.openPicture('Data set')
  await page.getByRole('textbox', { name: 'Picture number' }).fill(String(index + 1))
  const view = new ExplainMistakes(page)
  await view.choose('View', 'Why this answer')
  await view.bars.nth(asked).click()
  await expect(view.bars.nth(asked)).toHaveAttribute('aria-pressed', 'true')
  for (const [method, values] of [
    ['gradCam', torch.gradCam['relu2']],
    ['saliency', torch.saliency],
  ] as const) {
    const largest = Math.max(...(values ?? []).map(Math.abs))
    await expect.poll(async () => Math.abs((await view.largest(method)) / largest - 1)).toBeLessThan(0.01)
  }
  expect(desk.pageErrors).toEqual([])
})
