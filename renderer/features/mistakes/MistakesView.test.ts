import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { PredictionsAnswer } from '../../../shared/inspect/answers'
import type { InspectQuery } from '../../../shared/inspect/queries'
import { explainAnswer } from '../../testing/explain-answers'
import type { FakeBridge } from '../../testing/fake-bridge'
import { mountWindow } from '../../testing/mount-window'
import { sampleEpoch, sampleMoments, sampleRun } from '../../testing/samples'
import { useExplain } from '../../stores/explain'
import { useInside } from '../../stores/inside'
import { useShell } from '../../stores/shell'
import { useMistakes } from './use-mistakes'

const run = sampleRun({ state: { type: 'finished', test: { loss: 0.03, accuracy: 0.99 } }, lastEpoch: sampleEpoch(2) })

/** Twenty pictures, two of each class; 17 (a 7) and 14 (a 4) are taken for 1 and 9. */
function fewPredictions(): PredictionsAnswer {
  const [count, classes] = [20, 10]
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10)
  const logits = new Float32Array(count * classes)
  labels.forEach((label, i) => (logits[i * classes + label] = 5))
  logits[17 * classes + 1] = 9
  logits[14 * classes + 9] = 6
  const losses = Float32Array.from({ length: count }, (_, i) => (i === 17 ? 4.02 : i === 14 ? 1.32 : 0.06))
  return { count, classes, labels, logits, losses }
}

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow({
    'runs.list': () => [run],
    'inspect.ask': ({ query }) => {
      const answer = query.type === 'predictions' ? fewPredictions() : explainAnswer(query)
      if (!answer) throw new AppError('not-found', `no answer to ${query.type}`)
      return answer
    },
    ...changes,
  })
  unmount = () => opened.wrapper.unmount()
  useShell().go('inside')
  useInside().view = 'mistakes'
  await settle()
  return opened
}
afterEach(() => unmount())

/** Longer than a moment has to be looked at before it is asked about. */
async function settle(): Promise<void> {
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await flushPromises()
}

function asked(bridge: FakeBridge): { query: InspectQuery; source: { moment: unknown } }[] {
  return bridge.log
    .filter((call) => call.name === 'inspect.ask')
    .map((call) => call.input as { query: InspectQuery; source: { moment: unknown } })
}

function button(wrapper: VueWrapper, name: string) {
  const found = wrapper.findAll('button').find((one) => one.text() === name || one.attributes('aria-label') === name)
  if (!found) throw new Error(`no button ${name}`)
  return found
}

it('counts what was right and wrong', async () => {
  const { wrapper } = await open()
  const facts = wrapper.find('[data-testid=mistakes-facts]').text()
  expect(facts).toContain('90.00% right')
  expect(facts).toContain('2 of 20 wrong')
  expect(wrapper.find('[data-cell="7-1"]').attributes('data-count')).toBe('1')
  expect(wrapper.find('[data-cell="7-7"]').attributes('data-count')).toBe('1')
  expect(wrapper.find('[data-cell="1-7"]').text()).toBe('')
})

it('shows shares of the true class where wanted', async () => {
  const { wrapper } = await open()
  await button(wrapper, 'Shares').trigger('click')
  expect(wrapper.find('[data-cell="7-1"]').text()).toBe('50.0%')
})

it('gives each class its precision and recall, weakest first where sorted', async () => {
  const { wrapper } = await open()
  const rows = () => wrapper.findAll('[data-testid=class-table] tbody tr').map((row) => row.text())
  expect(rows()[1]).toContain('66.7%')
  await button(wrapper, 'Recall').trigger('click')
  expect(rows()[0]).toMatch(/^4/)
  expect(rows()[0]).toContain('50.0%')
})

it('opens the pictures of a cell, and one of them in the view that explains it', async () => {
  const { wrapper } = await open()
  await wrapper.find('[data-cell="7-1"]').trigger('click')
  expect(wrapper.find('[data-testid=cell-title]').text()).toBe('7 taken for 1: 1 picture')
  const wall = wrapper.find('[data-testid=picture-wall]')
  expect(wall.attributes('data-count')).toBe('1')
  await wall.trigger('keydown', { key: 'ArrowRight' })
  expect(wall.attributes('aria-label')).toContain('Picture 18: 7, taken for 1')
  await wall.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(useInside().view).toBe('explain')
  expect(useExplain().tab).toBe('picture')
  expect(useInside().picture).toEqual({ type: 'dataset', split: 'test', index: 17 })
})

it('is walked with the arrow keys', async () => {
  const { wrapper } = await open()
  const first = wrapper.find<HTMLElement>('[data-cell="0-0"]')
  expect(first.attributes('tabindex')).toBe('0')
  first.element.focus()
  await first.trigger('keydown', { key: 'ArrowDown' })
  expect(document.activeElement?.getAttribute('data-cell')).toBe('1-0')
})

it('lists the hardest mistakes first', async () => {
  const { wrapper } = await open()
  useMistakes().section = 'hardest'
  await flushPromises()
  const wall = wrapper.find('[data-testid=picture-wall]')
  expect(wall.attributes('data-count')).toBe('2')
  await wall.trigger('keydown', { key: 'ArrowRight' })
  expect(wall.attributes('aria-label')).toContain('Picture 18')
  await wrapper.find('#only-wrong').trigger('click')
  expect(wall.attributes('data-count')).toBe('20')
})

it('says how well confidence is borne out', async () => {
  const { wrapper } = await open()
  useMistakes().section = 'calibration'
  await flushPromises()
  // 18 right and one wrong at 94.3 and 97.9 % sure, one wrong at 72.6 %: worked out from the logits above.
  expect(wrapper.find('[data-testid=calibration-facts]').text()).toContain(expectedError())
})

/** By hand: two bins hold pictures, (0.7, 0.8] the 4 that was taken for 9, (0.9, 1] all others. */
function expectedError(): string {
  const right = Math.exp(5) / (Math.exp(5) + 9)
  const seven = Math.exp(9) / (Math.exp(9) + Math.exp(5) + 8)
  const four = Math.exp(6) / (Math.exp(6) + Math.exp(5) + 8)
  const top = Math.abs(18 / 19 - (18 * right + seven) / 19)
  return `${(((19 * top + four) / 20) * 100).toFixed(2)}%`
}

it('asks about an epoch once, and about another when it is chosen', async () => {
  const { bridge } = await open()
  useInside().view = 'kernels'
  await flushPromises()
  useInside().view = 'mistakes'
  await settle()
  expect(asked(bridge).filter(({ query }) => query.type === 'predictions')).toHaveLength(1)
  useInside().moment = { type: 'epoch', epoch: 1 }
  await settle()
  const questions = asked(bridge).filter(({ query }) => query.type === 'predictions')
  expect(questions.map(({ source }) => source.moment)).toEqual([{ type: 'now' }, { type: 'epoch', epoch: 1 }])
})

it('lets a question about a run that trains come to its end, however many epochs end meanwhile', async () => {
  let release: () => void = () => undefined
  const training = sampleRun({ state: { type: 'running' }, lastEpoch: sampleEpoch(1) })
  const { wrapper, bridge } = await open({
    'runs.list': () => [training],
    'inspect.moments': () => sampleMoments(1, true),
    'inspect.ask': async () => {
      await new Promise<void>((resolve) => (release = resolve))
      return fewPredictions()
    },
  })
  for (const epoch of [2, 3]) {
    bridge.emit('run.epoch', { id: training.id, result: sampleEpoch(epoch) })
    await settle()
  }
  release()
  await settle()
  expect(wrapper.find('[data-testid=mistakes-facts]').text()).toContain('2 of 20 wrong')
  expect(asked(bridge)).toHaveLength(1)
  expect(bridge.log.some((call) => call.name === 'inspect.cancel')).toBe(false)
  // Afterwards the training has the processor to itself for a while; once it ends, the last weights are asked about.
  bridge.emit('run.epoch', { id: training.id, result: sampleEpoch(4) })
  await settle()
  expect(asked(bridge)).toHaveLength(1)
  bridge.emit('run.changed', {
    ...training,
    state: { type: 'finished', test: { loss: 0.1, accuracy: 0.97 } },
    lastEpoch: sampleEpoch(4),
  })
  await settle()
  expect(asked(bridge)).toHaveLength(2)
})

it('leaves it alone once it was ended', async () => {
  let release: () => void = () => undefined
  const training = sampleRun({ state: { type: 'running' }, lastEpoch: sampleEpoch(1) })
  const { wrapper, bridge } = await open({
    'runs.list': () => [training],
    'inspect.ask': async () => {
      await new Promise<void>((resolve) => (release = resolve))
      throw new AppError('cancelled', 'ended')
    },
    'inspect.cancel': () => release() as undefined,
  })
  await button(wrapper, 'Cancel').trigger('click')
  bridge.emit('run.epoch', { id: training.id, result: sampleEpoch(2) })
  await settle()
  expect(asked(bridge)).toHaveLength(1)
  await button(wrapper, 'Look through all pictures').trigger('click')
  expect(asked(bridge)).toHaveLength(2)
})

it('asks about the training pictures', async () => {
  const { wrapper, bridge } = await open()
  await button(wrapper, 'Training').trigger('click')
  await settle()
  expect(asked(bridge).at(-1)?.query).toEqual({ type: 'predictions', split: 'train', limit: null })
})

it('says what went wrong, and tries again', async () => {
  let broken = true
  const { wrapper } = await open({
    'inspect.ask': () => {
      if (broken) throw new AppError('out-of-memory', 'no room for 10000 pictures')
      return fewPredictions()
    },
  })
  expect(wrapper.text()).toContain('no room for 10000 pictures')
  broken = false
  await button(wrapper, 'Try again').trigger('click')
  await settle()
  expect(wrapper.find('[data-testid=mistakes-facts]').text()).toContain('2 of 20 wrong')
})

it('embeds with the settings that stand there', async () => {
  const { wrapper, bridge } = await open()
  useMistakes().section = 'embedding'
  await flushPromises()
  const field = wrapper.findAll('label').find((label) => label.text() === 'Neighbours')
  await wrapper.find(`#${field?.attributes('for')}`).setValue('30')
  await button(wrapper, 'Embed').trigger('click')
  await flushPromises()
  expect(asked(bridge).at(-1)?.query).toMatchObject({ type: 'embedding', split: 'test', count: 2000, neighbours: 30 })
  expect(wrapper.find('[data-testid=embedding-plot]').attributes('data-count')).toBe('2000')
})
