import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import { writeSafetensors } from '../../../shared/formats/safetensors'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { LookCommand } from '../../../shared/inspect/messages'
import type { InspectQuery } from '../../../shared/inspect/queries'
import type { Moment } from '../../../shared/inspect/source'
import { requireSound } from '../../../shared/network/analyze'
import { elementCount } from '../../../shared/network/shape'
import type { Kernels, LiveWeights } from '../../../shared/training/messages'
import { openStorage } from '../db/open'
import { createRunRecorder } from '../runs/run-recorder'
import { config, epochResult, progressEvent, smallNetwork, started, temporaryHome } from '../testing/fixtures'
import { createInspectService } from './inspect-service'
import type { AskCommand } from './inspector-process'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const query: InspectQuery = {
  type: 'topPatches',
  layer: 'conv1',
  channels: null,
  split: 'test',
  limit: null,
  count: 9,
  measure: 'activation',
  worst: false,
}
const kernels: Kernels = { layer: 'conv1', shape: [2, 1, 3, 3], values: new Float32Array(18) }

interface FakeLink {
  readonly look: LookCommand
  readonly asked: AskCommand[]
  readonly delivered: number[]
  readonly cancelled: string[]
  hasEnded: boolean
  settle(outcome: InspectAnswer | AppError): void
  end(): void
}

function setUp() {
  const storage = openStorage(temporaryHome())
  onTestFinished(() => storage.close())
  const recorder = createRunRecorder(storage, { appVersion: '1', notify: () => undefined, log: () => undefined })
  const training = new Map<string, { live: LiveWeights | null; kernels: Kernels | null }>()
  const links: FakeLink[] = []
  const service = createInspectService({
    recorder,
    service: {
      isTraining: (id) => training.has(id),
      kernels: (id) => Promise.resolve(training.get(id)?.kernels ?? null),
      weights: (id) => Promise.resolve(training.get(id)?.live ?? null),
    },
    launch(look, onEnd) {
      const open: { resolve: (answer: InspectAnswer) => void; reject: (error: AppError) => void }[] = []
      const fake: FakeLink = {
        look,
        asked: [],
        delivered: [],
        cancelled: [],
        hasEnded: false,
        settle(outcome) {
          const question = open.shift()
          if (outcome instanceof AppError) question?.reject(outcome)
          else question?.resolve(outcome)
        },
        end() {
          fake.hasEnded = true
          for (const { reject } of open.splice(0)) reject(new AppError('cancelled', 'ended'))
          onEnd()
        },
      }
      links.push(fake)
      return {
        ask(command) {
          fake.asked.push(command)
          return new Promise((resolve, reject) => void open.push({ resolve, reject }))
        },
        send: ({ number }) => void fake.delivered.push(number),
        cancel: (request) => void fake.cancelled.push(request),
        end: () => fake.end(),
        get hasEnded() {
          return fake.hasEnded
        },
      }
    },
    dataFolder: (id) => `/data/${id}`,
    onProgress: () => undefined,
  })
  let requests = 0
  function ask(run: string, moment: Moment = { type: 'now' }, what = query) {
    const request = `request-${(requests += 1)}`
    const result = service.ask({ request, source: { run, moment }, query: what })
    result.catch(() => undefined)
    return { request, result }
  }
  return { recorder, service, training, links, ask }
}

type Parts = ReturnType<typeof setUp>

function addEpoch({ recorder }: Parts, run: string, name: string): string {
  const folder = join(recorder.folder(run), name)
  mkdirSync(folder, { recursive: true })
  const tensors = requireSound(smallNetwork).layers.flatMap(({ node, weights }) =>
    weights.map(
      ({ name: own, shape }) =>
        [`${node.id}.${own}`, { shape, values: new Float32Array(elementCount(shape)) }] as const,
    ),
  )
  const file = join(folder, 'weights.safetensors')
  writeFileSync(file, writeSafetensors(new Map(tensors)))
  return file
}

function newRun(parts: Parts): string {
  return parts.recorder.create({ document: smallNetwork, config: config() }).id
}

async function soon(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

test('moments are the sound epochs on disk, and the start', async () => {
  const parts = setUp()
  const run = newRun(parts)
  expect(await parts.service.moments(run)).toEqual({ epochs: [0], live: false })
  addEpoch(parts, run, 'epoch-0002')
  addEpoch(parts, run, 'epoch-0010')
  truncateSync(addEpoch(parts, run, 'epoch-0003'), 500)
  addEpoch(parts, run, 'epoch-0001-step-000004')
  addEpoch(parts, run, '.epoch-0004.part')
  parts.training.set(run, { live: null, kernels: null })
  expect(await parts.service.moments(run)).toEqual({ epochs: [0, 2, 10], live: true })
  truncateSync(addEpoch(parts, run, 'epoch-0000'), 9)
  expect((await parts.service.moments(run)).epochs).toEqual([2, 10])
  await expect(parts.service.moments('another')).rejects.toMatchObject({ kind: 'not-found' })
})

test('weights of another network are no moment of the run', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001')
  writeFileSync(file, writeSafetensors(new Map([['fc.bias', { shape: [9], values: new Float32Array(9) }]])))
  expect((await parts.service.moments(run)).epochs).toEqual([0])
})

test('a question goes to a process of its run, with the weights of its moment', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0001')
  const { result } = parts.ask(run, { type: 'epoch', epoch: 1 })
  parts.ask(run, { type: 'epoch', epoch: 0 })
  await soon()
  const [link] = parts.links
  expect(parts.links).toHaveLength(1)
  expect(link?.look).toMatchObject({ document: smallNetwork, dataFolder: '/data/mnist' })
  expect(link?.asked.map(({ weights }) => weights)).toEqual([{ type: 'file', file }, { type: 'initial' }])
  link?.settle(kernels)
  expect(await result).toBe(kernels)
  await expect(parts.ask(run, { type: 'epoch', epoch: 7 }).result).rejects.toThrow(/epoch-0007.*missing/)
})

test('the start comes from its file where there is one', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const file = addEpoch(parts, run, 'epoch-0000')
  parts.ask(run, { type: 'epoch', epoch: 0 })
  await soon()
  expect(parts.links[0]?.asked[0]?.weights).toEqual({ type: 'file', file })
  rmSync(file)
  await expect(parts.ask(run, { type: 'epoch', epoch: 0 }).result).rejects.toMatchObject({ kind: 'not-found' })
})

test('now is the newest checkpoint of a run that has ended, its start before the first', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.ask(run)
  await soon()
  parts.recorder.record(run, started)
  parts.recorder.record(run, { type: 'epoch', result: epochResult(1), checkpoint: 'epoch-0001/weights.safetensors' })
  parts.ask(run)
  await soon()
  const file = join(parts.recorder.folder(run), 'epoch-0001/weights.safetensors')
  expect(parts.links[0]?.asked.map(({ weights }) => weights)).toEqual([{ type: 'initial' }, { type: 'file', file }])
})

test('now is what the training holds while it goes on, delivered before it is asked about', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.recorder.record(run, started)
  parts.training.set(run, { live: { step: 3, weights: [], milliseconds: 1 }, kernels })
  parts.ask(run)
  parts.ask(run)
  await soon()
  const [link] = parts.links
  expect(link?.delivered).toEqual([1])
  expect(link?.asked.map(({ weights }) => weights)).toEqual([
    { type: 'live', number: 1 },
    { type: 'live', number: 1 },
  ])
  // Paused at the step that its progress told.
  parts.recorder.record(run, progressEvent(1, 3))
  parts.recorder.record(run, { type: 'paused' })
  await vi.advanceTimersByTimeAsync(1000)
  parts.ask(run)
  await soon()
  await vi.advanceTimersByTimeAsync(5000)
  parts.ask(run)
  await soon()
  expect(link?.delivered).toEqual([1, 2])
})

test('a training that gives no weights leaves the newest checkpoint', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.training.set(run, { live: null, kernels: null })
  parts.ask(run)
  await soon()
  expect(parts.links[0]?.asked[0]?.weights).toEqual({ type: 'initial' })
})

test('kernels of now come from the training itself', async () => {
  const parts = setUp()
  const run = newRun(parts)
  parts.training.set(run, { live: null, kernels })
  const what = { type: 'kernels', layer: 'conv1' } as const
  expect(await parts.ask(run, { type: 'now' }, what).result).toBe(kernels)
  expect(parts.links).toEqual([])
  parts.ask(run, { type: 'epoch', epoch: 0 }, what)
  await soon()
  expect(parts.links).toHaveLength(1)
})

test('a process that rests for a minute is ended; the next question gets a new one', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const { result } = parts.ask(run)
  await soon()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(parts.links[0]?.hasEnded).toBe(false)
  parts.links[0]?.settle(kernels)
  await result
  await vi.advanceTimersByTimeAsync(59_000)
  expect(parts.links[0]?.hasEnded).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(parts.links[0]?.hasEnded).toBe(true)
  parts.ask(run)
  await soon()
  expect(parts.links).toHaveLength(2)
})

test('two runs at most are looked into; one at rest makes room before one that works', async () => {
  const parts = setUp()
  const [first, second, third] = [newRun(parts), newRun(parts), newRun(parts)]
  const working = parts.ask(first)
  const done = parts.ask(second)
  await soon()
  parts.links[1]?.settle(kernels)
  await done.result
  parts.ask(third)
  await soon()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([false, true, false])
  parts.ask(second)
  await soon()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, true, false, false])
  await expect(working.result).rejects.toMatchObject({ kind: 'cancelled' })
})

test('after a crash the next question gets a fresh process', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const { result } = parts.ask(run)
  await soon()
  parts.links[0]?.settle(new AppError('inspector-crashed', 'It ended.'))
  parts.links[0]?.end()
  await expect(result).rejects.toMatchObject({ kind: 'inspector-crashed' })
  parts.ask(run)
  await soon()
  expect(parts.links).toHaveLength(2)
  expect(parts.links[1]?.asked).toHaveLength(1)
})

test('a question is cancelled by its name, also before it was passed on', async () => {
  const parts = setUp()
  const run = newRun(parts)
  const early = parts.ask(run)
  parts.service.cancel(early.request)
  await expect(early.result).rejects.toMatchObject({ kind: 'cancelled' })
  expect(parts.links[0]?.asked).toEqual([])
  const later = parts.ask(run)
  await soon()
  parts.service.cancel(later.request)
  parts.service.cancel('unknown')
  expect(parts.links[0]?.cancelled).toEqual([later.request])
})

test('a run that is gone, and the end of the app, end what looks into them', async () => {
  const parts = setUp()
  const [first, second] = [newRun(parts), newRun(parts)]
  parts.ask(first)
  parts.ask(second)
  await soon()
  parts.service.forget(first)
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, false])
  parts.service.endAll()
  expect(parts.links.map(({ hasEnded }) => hasEnded)).toEqual([true, true])
  await expect(parts.ask('f0000000-0000-4000-8000-000000000000').result).rejects.toMatchObject({ kind: 'not-found' })
})
