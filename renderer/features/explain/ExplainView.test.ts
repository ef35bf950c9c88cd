import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { InspectQuery, InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import { explainAnswer } from '../../testing/explain-answers'
import type { FakeBridge } from '../../testing/fake-bridge'
import { mountWindow } from '../../testing/mount-window'
import { sampleEpoch, sampleRun } from '../../testing/samples'
import { useExplain } from '../../stores/explain'
import { useInside } from '../../stores/inside'
import { useShell } from '../../stores/shell'

const run = sampleRun({ state: { type: 'finished', test: { loss: 0.03, accuracy: 0.99 } }, lastEpoch: sampleEpoch(2) })

function answered(query: InspectQuery) {
  const answer = explainAnswer(query)
  if (!answer) throw new AppError('not-found', `no answer to ${query.type}`)
  return answer
}

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow({
    'runs.list': () => [run],
    'inspect.ask': ({ query }) => answered(query),
    ...changes,
  })
  unmount = () => opened.wrapper.unmount()
  useShell().go('inside')
  useInside().view = 'explain'
  await settle()
  return opened
}
afterEach(() => unmount())

/** Longer than a picture has to rest before the long questions. */
async function settle(): Promise<void> {
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 220))
  await flushPromises()
}

function asked<Type extends InspectQueryType>(bridge: FakeBridge, type: Type): QueryOf<Type>[] {
  return bridge.log
    .filter((call) => call.name === 'inspect.ask')
    .map((call) => (call.input as { query: InspectQuery }).query)
    .filter((query): query is QueryOf<Type> => query.type === type)
}

function button(wrapper: VueWrapper, name: string) {
  const found = wrapper
    .findAll('button')
    .find((one) => one.text() === name || one.attributes('aria-label')?.startsWith(name))
  if (!found) throw new Error(`no button ${name}`)
  return found
}

it('shows every class’s probability, marks the true one, and asks each method about the predicted one', async () => {
  const { wrapper, bridge } = await open()
  const bars = wrapper.findAll('[data-testid=class-bar]')
  expect(bars).toHaveLength(10)
  expect(bars[0]?.attributes('aria-label')).toContain('the true class')
  expect(wrapper.find('[data-testid=verdict]').text()).toContain('Right: 0')
  const queries = asked(bridge, 'attribution')
  expect(new Set(queries.map((query) => query.method)).size).toBe(4)
  expect(new Set(queries.map((query) => query.class))).toEqual(new Set([0]))
  expect(queries.find((query) => query.method === 'gradCam')?.layer).toBe('relu2')
})

it('keeps a class that was pressed for the next picture too, until it is let go', async () => {
  const { wrapper, bridge } = await open()
  await button(wrapper, '7: ').trigger('click')
  await settle()
  expect(asked(bridge, 'attribution').at(-1)?.class).toBe(7)
  useInside().picture = { type: 'dataset', split: 'test', index: 5 }
  await settle()
  expect(asked(bridge, 'attribution').at(-1)).toMatchObject({ class: 7, picture: { index: 5 } })
  await button(wrapper, 'Follow the prediction again').trigger('click')
  await settle()
  expect(asked(bridge, 'attribution').at(-1)?.class).toBe(5)
})

it('sorts the bars by probability', async () => {
  const { wrapper } = await open()
  useInside().picture = { type: 'dataset', split: 'test', index: 8 }
  await settle()
  const first = () => wrapper.find('[data-testid=class-bar]').text()
  expect(first()).toMatch(/^0/)
  await button(wrapper, 'Most probable first').trigger('click')
  expect(first()).toMatch(/^8/)
})

it('compares the sum of integrated gradients with the difference of the logits', async () => {
  const { wrapper } = await open()
  const [sum = NaN, difference = NaN] = wrapper.findAll('[data-testid=completeness] dd').map((dd) => Number(dd.text()))
  expect(Math.abs(sum - difference) / difference).toBeCloseTo(0.01 / 1.01, 2)
})

it('asks again with other settings, but not with impossible ones', async () => {
  const { wrapper, bridge } = await open()
  const card = wrapper.find('[data-testid=map-integratedGradients]')
  const count = () => asked(bridge, 'attribution').length
  await card.find('input').setValue('100')
  await settle()
  expect(asked(bridge, 'attribution').at(-1)).toMatchObject({ method: 'integratedGradients', steps: 100 })
  const before = count()
  await card.find('input').setValue('0')
  await settle()
  expect(card.text()).toContain('At least 2.')
  expect(count()).toBe(before)
})

it('shows what went wrong with a map, and tries it again', async () => {
  let broken = true
  const { wrapper } = await open({
    'inspect.ask': ({ query }) => {
      if (broken && query.type === 'attribution') throw new AppError('engine-failed', 'TensorFlow said no.')
      return answered(query)
    },
  })
  const card = wrapper.find('[data-testid=map-saliency]')
  expect(card.text()).toContain('TensorFlow said no.')
  broken = false
  await card.find('.error button').trigger('click')
  await settle()
  expect(card.text()).not.toContain('TensorFlow said no.')
  expect(card.find('canvas').attributes('aria-label')).toContain('Saliency for 0')
})

it('makes a picture for a unit, with the settings that stand there', async () => {
  const { wrapper, bridge } = await open()
  useExplain().tab = 'unit'
  useInside().layer = 'conv2'
  useExplain().channel = 7
  await flushPromises()
  const card = wrapper.find('[data-testid=maximise-card]')
  await card.findAll('input')[0]?.setValue('32')
  await button(wrapper, 'Make it').trigger('click')
  await flushPromises()
  expect(asked(bridge, 'maximise')).toMatchObject([{ layer: 'conv2', channel: 7, iterations: 32, jitter: 2 }])
  // (18 · 32) / (32 + 40) = 8
  expect(card.find('[data-testid=maximise-note]').text()).toBe('conv2, channel 8 reaches 8.000.')
})

it('finds the best patches of all channels at once, and opens a picture', async () => {
  const { wrapper, bridge } = await open()
  useExplain().tab = 'unit'
  useInside().layer = 'conv1'
  await flushPromises()
  await button(wrapper, 'Find patches').trigger('click')
  await flushPromises()
  expect(asked(bridge, 'topPatches')).toMatchObject([{ layer: 'conv1', channels: null, split: 'test', count: 9 }])
  const wall = wrapper.find('[data-testid=patches]')
  expect(wall.attributes('data-count')).toBe('9')
  await wall.trigger('keydown', { key: 'ArrowRight' })
  await wall.trigger('keydown', { key: 'Enter' })
  expect(useExplain().tab).toBe('picture')
  const { picture } = useInside()
  expect(picture.type === 'dataset' && picture.index > 0).toBe(true)
})

it('ends a long question when asked to', async () => {
  let release: () => void = () => undefined
  const { wrapper, bridge } = await open({
    'inspect.ask': async ({ query }) => {
      if (query.type === 'topPatches') {
        await new Promise<void>((resolve) => (release = resolve))
        throw new AppError('cancelled', 'ended')
      }
      return answered(query)
    },
    'inspect.cancel': () => release() as undefined,
  })
  useExplain().tab = 'unit'
  await flushPromises()
  await button(wrapper, 'Find patches').trigger('click')
  await flushPromises()
  const request = bridge.log.findLast((call) => call.name === 'inspect.ask')?.input as { request: string }
  bridge.emit('inspect.progress', { request: request.request, done: 250, total: 10_000, partial: null })
  await flushPromises()
  expect(wrapper.text()).toContain('250 of 10,000')
  await button(wrapper, 'Cancel').trigger('click')
  await flushPromises()
  expect(bridge.log.at(-1)).toMatchObject({ name: 'inspect.cancel', input: { request: request.request } })
  expect(wrapper.text()).not.toContain('250 of 10,000')
  expect(wrapper.find('[data-testid=patches-card] .error').exists()).toBe(false)
})
