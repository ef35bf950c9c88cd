import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { QueryOf } from '../../../shared/inspect/queries'
import { AppError } from '../../../shared/errors'
import type { CallInput } from '../../../shared/ipc/contract'
import { useInside } from '../../stores/inside'
import { useRuns } from '../../stores/runs'
import type { FakeBridge } from '../../testing/fake-bridge'
import { useFakeBridge } from '../../testing/mount-window'
import { sampleEpoch, sampleRun } from '../../testing/samples'
import { useAnswer } from './use-answer'

interface Asked {
  readonly input: CallInput<'inspect.ask'>
  answer(value: InspectAnswer): void
  fail(error: AppError): void
}

const run = sampleRun({ lastEpoch: sampleEpoch(2) })
const progress = { epoch: 3, epochs: 9, step: 40, totalSteps: 90, imagesPerSecond: 100, secondsLeft: null }
let wrapper: VueWrapper | null = null
let unfollow = () => {}
afterEach(() => {
  vi.restoreAllMocks()
  wrapper?.unmount()
  unfollow()
})

/** A view that asks for the kernels of `layer`, and questions that wait for the test to answer them. */
async function setUp() {
  const asked: Asked[] = []
  const bridge = useFakeBridge({
    'runs.list': () => [run, sampleRun({ id: otherId, createdAt: 1, lastEpoch: sampleEpoch(1) })],
    'inspect.ask': (input) => new Promise((resolve, reject) => asked.push({ input, answer: resolve, fail: reject })),
    'inspect.cancel': ({ request }) => {
      asked.find((one) => one.input.request === request)?.fail(new AppError('cancelled', 'ended'))
      return undefined
    },
  })
  const layer = ref<string | null>('conv1')
  let result: ReturnType<typeof useAnswer<'kernels'>> | null = null
  const runs = useRuns()
  unfollow = runs.follow()
  await runs.load()
  wrapper = mount(
    defineComponent(() => {
      result = useAnswer<'kernels'>(() => (layer.value === null ? null : { type: 'kernels', layer: layer.value }))
      return () => null
    }),
  )
  await flushPromises()
  if (!result) throw new Error('not mounted')
  return { bridge, asked, layer, ...(result as ReturnType<typeof useAnswer<'kernels'>>) }
}
const otherId = crypto.randomUUID()

function kernels(layer: string): InspectAnswer {
  return { layer, shape: [1, 1, 1, 1], values: Float32Array.of(1) }
}
function layersOf(asked: readonly Asked[]): string[] {
  return asked.map(({ input }) => (input.query as QueryOf<'kernels'>).layer)
}
function cancelled(bridge: FakeBridge): number {
  return bridge.log.filter(({ name }) => name === 'inspect.cancel').length
}

it('keeps the old answer until the new one is there, and asks only the newest of those that came meanwhile', async () => {
  const { asked, layer, answer, answered, bridge } = await setUp()
  for (const id of ['a', 'b', 'c']) {
    layer.value = id
    await flushPromises()
  }
  expect(layersOf(asked)).toEqual(['conv1'])
  asked[0]?.answer(kernels('conv1'))
  await flushPromises()
  expect(answer.value?.layer).toBe('conv1')
  expect(answered.value?.layer).toBe('conv1')
  expect(layersOf(asked)).toEqual(['conv1', 'c'])
  asked[1]?.answer(kernels('c'))
  await flushPromises()
  expect(answer.value?.layer).toBe('c')
  expect(cancelled(bridge)).toBe(0)
})

it('ends a long question when another takes its place', async () => {
  const { bridge, asked, layer, answer, error } = await setUp()
  const request = asked[0]?.input.request ?? ''
  bridge.emit('inspect.progress', { request, done: 1, total: 9, partial: null })
  layer.value = 'b'
  await flushPromises()
  expect(cancelled(bridge)).toBe(1)
  expect(layersOf(asked)).toEqual(['conv1', 'b'])
  asked[1]?.answer(kernels('b'))
  await flushPromises()
  expect(answer.value?.layer).toBe('b')
  expect(error.value).toBeNull()
})

it('ends a question that turns out to be long while another waits', async () => {
  const { bridge, asked, layer } = await setUp()
  layer.value = 'b'
  await flushPromises()
  bridge.emit('inspect.progress', { request: asked[0]?.input.request ?? '', done: 1, total: 9, partial: null })
  await flushPromises()
  expect(layersOf(asked)).toEqual(['conv1', 'b'])
})

it('forgets the answer when another run is looked at, and counts what is under way', async () => {
  const { asked, answer, busy } = await setUp()
  const inside = useInside()
  expect(inside.questions).toBe(1)
  asked[0]?.answer(kernels('conv1'))
  await flushPromises()
  expect(inside.questions).toBe(0)
  inside.choose(otherId)
  await flushPromises()
  expect(answer.value).toBeNull()
  expect(busy.value).toBe(true)
  expect(asked[1]?.input.source.run).toBe(otherId)
})

it('shows what went wrong, and is well again with the next answer', async () => {
  const { asked, error, retry } = await setUp()
  asked[0]?.fail(new AppError('not-found', 'There is no layer conv1.'))
  await flushPromises()
  expect(error.value?.message).toBe('There is no layer conv1.')
  retry()
  asked[1]?.answer(kernels('conv1'))
  await flushPromises()
  expect(error.value).toBeNull()
})

it('asks nothing where there is nothing to ask', async () => {
  const { asked, layer, busy } = await setUp()
  asked[0]?.answer(kernels('conv1'))
  layer.value = null
  await flushPromises()
  expect(busy.value).toBe(false)
  expect(asked).toHaveLength(1)
})

it('is renewed while a run trains, so seldom that all answers that are shown take a twentieth of the time together', async () => {
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const { bridge, asked } = await setUp()
  const inside = useInside()
  expect(inside.answers).toBe(1)
  async function after(milliseconds: number): Promise<number> {
    now += milliseconds
    bridge.emit('run.progress', { id: run.id, progress, steps: [] })
    await flushPromises()
    return asked.length
  }
  now += 100
  asked[0]?.answer(kernels('conv1'))
  await flushPromises()
  expect(await after(1999)).toBe(1)
  expect(await after(1)).toBe(2)
  now += 100
  asked[1]?.answer(kernels('conv1'))
  await flushPromises()
  // Four more stand beside it.
  inside.answers = 5
  expect(await after(9999)).toBe(2)
  expect(await after(1)).toBe(3)
})
