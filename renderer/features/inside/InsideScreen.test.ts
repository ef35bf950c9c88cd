import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { CallInput } from '../../../shared/ipc/contract'
import { useInside } from '../../stores/inside'
import { useOwnPicture } from '../../stores/own-picture'
import { useShell } from '../../stores/shell'
import { mountWindow, nextFrame } from '../../testing/mount-window'
import { sampleEpoch, sampleMoments, sampleRun } from '../../testing/samples'
import { pretendLayout } from '../../testing/sized-page'

const finished = sampleRun({
  name: 'Good one',
  state: { type: 'finished', test: { loss: 0.03, accuracy: 0.99 } },
  lastEpoch: sampleEpoch(2),
})
const older = sampleRun({ name: 'Old one', state: { type: 'stopped' }, createdAt: 1, lastEpoch: sampleEpoch(1) })

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  pretendLayout()
  const opened = await mountWindow({ 'runs.list': () => [finished, older], ...changes })
  unmount = () => opened.wrapper.unmount()
  useShell().go('inside')
  await flushPromises()
  return opened
}
afterEach(() => {
  unmount()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

type Opened = Awaited<ReturnType<typeof open>>['wrapper']
function button(wrapper: Opened, name: string) {
  const found = wrapper.findAll('button').find((one) => (one.attributes('aria-label') ?? one.text()) === name)
  if (!found) throw new Error(`there is no button ${name}`)
  return found
}

it('leads to the first training, but lets the demonstration of a convolution be', async () => {
  const { wrapper } = await open({ 'runs.list': () => [] })
  expect(wrapper.text()).not.toContain('Nothing to look into yet')
  useInside().view = 'kernels'
  await flushPromises()
  expect(wrapper.text()).toContain('Nothing to look into yet')
  await button(wrapper, 'Train a network').trigger('click')
  expect(useShell().screen).toBe('train')
})

it('scrubs over the stored epochs, and replays them', async () => {
  const { wrapper } = await open()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const inside = useInside()
  expect(wrapper.find('[data-testid=moment]').text()).toBe('After epoch 2')
  await button(wrapper, 'Replay the training').trigger('click')
  expect(wrapper.find('[data-testid=moment]').text()).toBe('Random start')
  await vi.advanceTimersByTimeAsync(700)
  expect(inside.moment).toEqual({ type: 'epoch', epoch: 1 })
  // A question that is not answered yet holds the replay.
  inside.questions++
  await vi.advanceTimersByTimeAsync(3000)
  expect(inside.moment).toEqual({ type: 'epoch', epoch: 1 })
  inside.questions--
  await vi.advanceTimersByTimeAsync(1400)
  expect(inside.moment).toEqual({ type: 'now' })
  expect(wrapper.find('[aria-label="Stop the replay"]').exists()).toBe(false)
  vi.useRealTimers()
})

it('compares with what was shown, until it is told to stop', async () => {
  const { wrapper } = await open()
  const inside = useInside()
  inside.view = 'kernels'
  inside.moment = { type: 'epoch', epoch: 1 }
  await flushPromises()
  await button(wrapper, 'Compare').trigger('click')
  inside.moment = { type: 'now' }
  await flushPromises()
  expect(inside.otherSource).toEqual({ run: finished.id, moment: { type: 'epoch', epoch: 1 } })
  expect(wrapper.findAll('[data-testid=moment]').map((one) => one.text())).toEqual(['After epoch 2', 'After epoch 1'])
  // What compares nothing shows one side, and what looks at no picture offers none.
  inside.view = 'mistakes'
  await flushPromises()
  expect(wrapper.findAll('[data-testid=moment]')).toHaveLength(1)
  expect(wrapper.find('[data-testid=picture-button]').exists()).toBe(false)
  inside.view = 'maps'
  await flushPromises()
  expect(wrapper.findAll('[data-testid=moment]')).toHaveLength(2)
  await button(wrapper, 'Stop comparing').trigger('click')
  expect(inside.otherSource).toBeNull()
})

it('takes a moment or a picture that another run does not have back to one it has', async () => {
  await open({
    'inspect.moments': ({ id }) => sampleMoments(id === older.id ? 1 : 2),
  })
  const inside = useInside()
  inside.picture = { type: 'dataset', split: 'test', index: 9999 }
  inside.moment = { type: 'epoch', epoch: 2 }
  inside.choose(older.id)
  await flushPromises()
  expect(inside.moment).toEqual({ type: 'now' })
  expect(inside.picture).toEqual({ type: 'dataset', split: 'test', index: 9999 })
  inside.picture = { type: 'bytes', values: new Uint8Array(12) }
  inside.choose(finished.id)
  await flushPromises()
  expect(inside.picture).toEqual({ type: 'dataset', split: 'test', index: 0 })
})

it('looks at the checkpoint before, once the one that it looked at is cleared away', async () => {
  const [within, later] = [
    { type: 'step', epoch: 1, step: 40 },
    { type: 'step', epoch: 1, step: 80 },
  ] as const
  const known = { ...sampleMoments(1, true), stored: [...sampleMoments(1).stored, within, later] }
  const moments = [known, { ...known, stored: known.stored.filter((one) => one !== within) }]
  const { wrapper, bridge } = await open({
    'runs.list': () => [sampleRun({ lastEpoch: sampleEpoch(1) })],
    'inspect.moments': () => moments[0] ?? known,
    'inspect.ask': ({ source }) => {
      if (source.moment.type === 'step') moments.shift()
      throw new AppError('not-found', 'The weights are not there.')
    },
  })
  const inside = useInside()
  inside.view = 'kernels'
  await flushPromises()
  inside.moment = within
  await flushPromises()
  expect(wrapper.find('[data-testid=moment]').text()).toBe('After epoch 1')
  const asked = bridge.log.filter(({ name }) => name === 'inspect.ask')
  expect(asked.map(({ input }) => (input as CallInput<'inspect.ask'>).source.moment)).toEqual([
    { type: 'now' },
    within,
    { type: 'epoch', epoch: 1 },
  ])
})

it('chooses a picture by number, one after another, and of one class', async () => {
  const { wrapper, bridge } = await open()
  const inside = useInside()
  await wrapper.find('[data-testid=picture-button]').trigger('click')
  await flushPromises()
  await wrapper.find('#picture-number').setValue('124')
  expect(inside.picture).toEqual({ type: 'dataset', split: 'test', index: 123 })
  expect(wrapper.find('[data-testid=picture-button]').text()).toContain('Test 124')
  await button(wrapper, 'Next picture').trigger('click')
  expect(inside.picture).toMatchObject({ index: 124 })
  await wrapper.find('#picture-number').setValue('0')
  await wrapper.find('#picture-number').setValue('10001')
  expect(inside.picture).toMatchObject({ index: 124 })
  expect(bridge.log.filter(({ name }) => name === 'datasets.labels')).toHaveLength(1)
})

it('looks at a drawing while it is drawn, and takes strokes back', async () => {
  const { wrapper } = await open()
  const inside = useInside()
  const own = useOwnPicture()
  await wrapper.find('[data-testid=picture-button]').trigger('click')
  await button(wrapper, 'Draw').trigger('click')
  const pad = wrapper.find('[data-testid=drawing-pad]')
  pad.element.setPointerCapture = () => undefined
  const at = (x: number, y: number) => ({ clientX: x, clientY: y, pointerId: 1, button: 0, timeStamp: 5 })
  await pad.trigger('pointerdown', at(300, 200))
  await pad.trigger('pointermove', { ...at(500, 600), getCoalescedEvents: () => [] })
  await pad.trigger('pointerup', at(500, 600))
  await nextFrame()
  const drawn = inside.picture
  expect(drawn.type === 'bytes' && drawn.values.length === 784 && drawn.values.some((value) => value > 200)).toBe(true)
  expect(wrapper.find('[data-testid=picture-button]').text()).toBe('Drawing')
  expect(pad.attributes('aria-label')).toBe('Drawing pad. 1 stroke.')
  await button(wrapper, 'Clear').trigger('click')
  expect(inside.picture.type === 'bytes' && inside.picture.values.every((value) => value === 0)).toBe(true)
  await button(wrapper, 'Undo').trigger('click')
  expect(own.strokes).toHaveLength(1)
  expect(inside.picture).toEqual(drawn)
})
