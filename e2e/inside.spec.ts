import { expect, type Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { InspectQuery, Picture } from '../shared/inspect/queries'
import type { InspectSource, Moment } from '../shared/inspect/source'
import { test } from './fixtures/app'
import { askInside, momentsOf, newestRun, relativeDifference, stepsOf } from './pages/inside'
import { TrainScreen } from './pages/train-screen'
import { Workbench } from './pages/workbench'

const repository = resolve(import.meta.dirname, '..')
const golden = join(repository, 'tests', 'golden')

interface GoldenTensor {
  readonly values: readonly number[]
}

/** What tests/golden/make_digits.py wrote: a network that PyTorch trained, and what PyTorch finds inside it. */
interface Digits {
  readonly network: unknown
  readonly picture: number
  readonly class: number
  readonly activations: Readonly<Record<string, GoldenTensor>>
  readonly saliency: GoldenTensor
  readonly gradCam: Readonly<Record<string, GoldenTensor>>
}

test('activations, gradients and Grad-CAM of weights from PyTorch are PyTorch’s', async ({ desk }) => {
  const digits = JSON.parse(readFileSync(join(golden, 'digits.json'), 'utf8')) as Digits
  const document = join(desk.home, 'digits.json')
  writeFileSync(document, JSON.stringify(digits.network))
  const weights = join(golden, 'digits.safetensors')
  const options = ['--init-weights', weights, '--data', 'mnist', '--epochs', '1', '--limit', '64']
  execFileSync(process.execPath, [join(repository, 'out', 'cli', 'convscope.mjs'), 'train', document, ...options], {
    env: { ...process.env, CONVSCOPE_HOME: desk.home },
    stdio: 'pipe',
  })

  const page = await desk.start()
  const run = await newestRun(page)
  const [start0, epoch1] = [
    { type: 'epoch', epoch: 0 },
    { type: 'epoch', epoch: 1 },
  ] as const
  expect(await momentsOf(page, run)).toEqual({ stored: [start0, epoch1], newest: epoch1, live: false })
  const start: InspectSource = { run, moment: { type: 'epoch', epoch: 0 } }
  const picture: Picture = { type: 'dataset', split: 'test', index: digits.picture }
  const pages = ['conv1', 'bn1', 'relu2', 'fc1'].map((layer) => ({ layer, first: 0, count: 64 }))
  const { answer } = await askInside(page, start, { type: 'activations', picture, pages })
  for (const maps of answer?.pages ?? []) {
    expect(relativeDifference(maps.values, digits.activations[maps.layer]?.values)).toBeLessThan(1e-4)
  }
  expect(answer?.pages).toHaveLength(4)
  expect(relativeDifference(answer?.logits, digits.activations['fc2']?.values)).toBeLessThan(1e-4)

  const attribution = {
    type: 'attribution',
    picture,
    class: digits.class,
    layer: null,
    steps: 2,
    patch: 1,
    stride: 1,
  } as const
  const saliency = await askInside(page, start, { ...attribution, method: 'saliency' })
  expect(relativeDifference(saliency.answer?.values, digits.saliency.values)).toBeLessThan(1e-4)
  const gradCam = await askInside(page, start, { ...attribution, method: 'gradCam' })
  expect(gradCam.answer?.layer).toBe('relu2')
  expect(relativeDifference(gradCam.answer?.values, digits.gradCam['relu2']?.values)).toBeLessThan(1e-4)

  // The epoch after it has learned: another network.
  const later = await askInside(
    page,
    { run, moment: { type: 'epoch', epoch: 1 } },
    { type: 'activations', picture, pages: [] },
  )
  expect(relativeDifference(later.answer?.logits, digits.activations['fc2']?.values)).toBeGreaterThan(1e-3)

  const first = join(desk.home, 'runs', run, 'epoch-0001', 'weights.safetensors')
  rmSync(first)
  expect((await momentsOf(page, run)).stored).toEqual([start0])
  const missing = await askInside(
    page,
    { run, moment: { type: 'epoch', epoch: 1 } },
    { type: 'kernels', layer: 'conv1' },
  )
  expect(missing.error).toMatchObject({ kind: 'not-found', message: expect.stringContaining(first) })
})

const picture: Picture = { type: 'dataset', split: 'test', index: 5 }
const attribution = { type: 'attribution', picture, class: 1, layer: null, steps: 4, patch: 14, stride: 7 } as const
const ranking = {
  type: 'topPatches',
  layer: 'relu2',
  channels: [0, 7],
  split: 'test',
  limit: 300,
  count: 3,
  worst: true,
} as const
/** One of every kind, small enough for a busy machine. */
const questions: readonly InspectQuery[] = [
  { type: 'activations', picture, pages: [{ layer: 'relu1', first: 0, count: 25 }] },
  { type: 'convolution', picture, layer: 'conv2' },
  { type: 'kernels', layer: 'conv2' },
  { ...attribution, method: 'gradCam' },
  { ...attribution, method: 'saliency' },
  { ...attribution, method: 'integratedGradients' },
  { ...attribution, method: 'occlusion' },
  { type: 'matching', picture, layer: 'conv1', channel: 2 },
  { ...ranking, channels: [0, 7], measure: 'activation' },
  { ...ranking, layer: 'conv2', channels: [0, 7], measure: 'cosine' },
  {
    type: 'maximise',
    layer: 'fc3',
    channel: 2,
    iterations: 8,
    stepSize: 0.05,
    decay: 0.01,
    blur: 0.5,
    jitter: 1,
    seed: 1,
  },
  { type: 'predictions', split: 'test', limit: 200 },
  { type: 'embedding', split: 'test', count: 60, neighbours: 8, minDistance: 0.1, seed: 1 },
]

/** Numbers of an answer, wherever they lie. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(numbersIn)
}

async function expectAnswers(page: Page, run: string, moment: Moment): Promise<void> {
  for (const query of questions) {
    const { answer, error } = await askInside(page, { run, moment }, query)
    expect(error, JSON.stringify(query)).toBeNull()
    const numbers = numbersIn(answer)
    expect(numbers.length, JSON.stringify(query)).toBeGreaterThan(10)
    expect(numbers.every(Number.isFinite), JSON.stringify(query)).toBe(true)
  }
}

test('every question is answered while a run trains, while it pauses, and after it has ended', async ({ desk }) => {
  const page = await desk.start()
  const workbench = new Workbench(page)
  const train = new TrainScreen(page)
  await train.train({ epochs: 500, limit: 4000 })
  await train.expectPoints('Loss per step', 5)
  const run = await newestRun(page)
  const now: Moment = { type: 'now' }
  const live: InspectSource = { run, moment: now }
  expect(await momentsOf(page, run)).toMatchObject({ live: true })

  const before = await stepsOf(page, run)
  await expectAnswers(page, run, now)
  await expect.poll(() => stepsOf(page, run)).toBeGreaterThan(before)
  expect(await desk.inspectors()).toHaveLength(1)
  const [scores] = questions
  const logitsNow = async () =>
    JSON.stringify(
      (await askInside(page, live, scores as Extract<InspectQuery, { type: 'activations' }>)).answer?.logits,
    )
  const earlier = await logitsNow()
  await expect.poll(logitsNow, { timeout: 30_000 }).not.toBe(earlier)

  await workbench.pressRunBar('Pause')
  await workbench.expectRunState('Paused')
  await expectAnswers(page, run, now)
  const paused = await logitsNow()
  expect(await logitsNow()).toBe(paused)
  await workbench.pressRunBar('Resume')
  await workbench.expectRunState('Training')
  await train.expectPoints('Loss per epoch', 1)
  await expect.poll(logitsNow, { timeout: 30_000 }).not.toBe(paused)
  await workbench.pressRunBar('Stop')
  await workbench.expectNothingTrains()

  const { stored, live: goesOn } = await momentsOf(page, run)
  expect([goesOn, stored[0], stored.length > 1]).toEqual([false, { type: 'epoch', epoch: 0 }, true])
  await expectAnswers(page, run, now)
  await expectAnswers(page, run, { type: 'epoch', epoch: 0 })
  await page.evaluate((id) => window.convscope.call('runs.delete', { ids: [id] }), run)
  await expect.poll(() => desk.inspectors()).toEqual([])
  expect(desk.pageErrors).toEqual([])
})

test('a process that looks inside may die: training goes on, and the next question gets a new one', async ({
  desk,
}) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train({ epochs: 500, limit: 4000 })
  await train.expectPoints('Loss per step', 2)
  const run = await newestRun(page)
  const live: InspectSource = { run, moment: { type: 'now' } }
  const long = askInside(page, live, {
    type: 'embedding',
    split: 'train',
    count: 20_000,
    neighbours: 15,
    minDistance: 0.1,
    seed: 1,
  })
  await page.evaluate(() => new Promise<void>((told) => void window.convscope.on('inspect.progress', () => told())))
  const [inspector = 0] = await desk.inspectors()
  process.kill(inspector, 'SIGKILL')
  expect((await long).error).toMatchObject({ kind: 'inspector-crashed' })
  const steps = await stepsOf(page, run)
  await expect.poll(() => stepsOf(page, run)).toBeGreaterThan(steps)
  const again = await askInside(page, live, { type: 'convolution', picture, layer: 'conv1' })
  expect(again.answer?.outputShape).toEqual([25, 26, 26])
  expect(await desk.inspectors()).not.toContain(inspector)
})

test('a long question is cancelled, and tells how far it is until then', async ({ desk }) => {
  const page = await desk.start()
  const train = new TrainScreen(page)
  await train.train({ epochs: 1, limit: 500 })
  await new Workbench(page).expectNothingTrains()
  const run = await newestRun(page)
  const outcome = await page.evaluate(async (id) => {
    const request = crypto.randomUUID()
    const told: { done: number; total: number }[] = []
    const unfollow = window.convscope.on('inspect.progress', ({ request: of, done, total }) => {
      if (of !== request) return
      told.push({ done, total })
      void window.convscope.call('inspect.cancel', { request })
    })
    const reply = await window.convscope.call('inspect.ask', {
      request,
      source: { run: id, moment: { type: 'now' } },
      query: { type: 'embedding', split: 'train', count: 20_000, neighbours: 15, minDistance: 0.1, seed: 1 },
    })
    unfollow()
    return { kind: reply.ok ? 'answered' : reply.error.kind, told }
  }, run)
  expect(outcome.kind).toBe('cancelled')
  expect(outcome.told[0]).toMatchObject({ total: 1000 })
  const after = await askInside(page, { run, moment: { type: 'now' } }, { type: 'kernels', layer: 'conv1' })
  expect(after.answer?.shape).toEqual([25, 1, 3, 3])
})
