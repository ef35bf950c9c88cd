import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { useConvolution } from '../../stores/convolution'
import { useInside } from '../../stores/inside'
import { useShell } from '../../stores/shell'
import { sampleAnswer } from '../../testing/inside-answers'
import { mountWindow } from '../../testing/mount-window'
import { sampleEpoch, sampleRun } from '../../testing/samples'
import { cell, edit, press } from './testing/view'

const run = sampleRun({ state: { type: 'stopped' }, lastEpoch: sampleEpoch(2) })
const withRun: Parameters<typeof mountWindow>[0] = {
  'runs.list': () => [run],
  'inspect.ask': ({ source, query }) => sampleAnswer(source, query),
}

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  useShell().go('inside')
  await flushPromises()
  return opened
}
afterEach(() => unmount())

describe('the network', () => {
  it('asks to be trained first where there is none', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'My network')
    expect(wrapper.text()).toContain('No trained network yet')
  })

  it('is stepped through layer by layer, on the picture that is looked at', async () => {
    const { wrapper, bridge } = await open(withRun)
    await press(wrapper, 'My network')
    await flushPromises()
    const asked = () => bridge.log.filter(({ name }) => name === 'inspect.ask').map(({ input }) => input)
    expect(asked().at(-1)).toMatchObject({
      query: { type: 'convolution', layer: 'conv1', picture: { type: 'dataset', split: 'test', index: 0 } },
    })
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('1 of 16,900')
    useInside().stepThrough('conv2')
    await flushPromises()
    expect(asked().at(-1)).toMatchObject({ query: { type: 'convolution', layer: 'conv2' } })
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('1 of 6,050')
    expect(wrapper.text()).toContain('Channels 0–7 of 25')
  })

  it('opens at the layer that was chosen elsewhere, and lets the example be looked at again', async () => {
    const { wrapper } = await open(withRun)
    expect(useConvolution().source).toBe('example')
    useInside().view = 'kernels'
    await flushPromises()
    useInside().stepThrough('conv2')
    await flushPromises()
    expect(useConvolution().current?.kernelShape).toEqual([50, 25, 3, 3])
    await press(wrapper, 'Classic example')
    useInside().view = 'maps'
    await flushPromises()
    useInside().view = 'convolution'
    await flushPromises()
    expect(useConvolution().source).toBe('example')
  })

  it('is never changed: an edit makes a copy, which another picture drops', async () => {
    const { wrapper, bridge } = await open(withRun)
    await press(wrapper, 'My network')
    await flushPromises()
    const calls = bridge.log.length
    await edit(wrapper, cell(wrapper, 'Filter 0, channel 0', 0, 0), '4')
    expect(wrapper.text()).toContain('Edited copy')
    expect(useConvolution().current?.kernel[0]).toBe(4)
    expect(bridge.log).toHaveLength(calls)
    useInside().picture = { type: 'dataset', split: 'test', index: 3 }
    await flushPromises()
    expect(wrapper.text()).not.toContain('Edited copy')
    expect(useConvolution().current?.kernel[0]).not.toBe(4)
  })

  it('searches the data set for the best and worst matches, and ends when told', async () => {
    const patch = (index: number, score: number) => ({
      index,
      label: index % 10,
      score,
      row: 2,
      column: 3,
      window: { top: 2, left: 3, height: 3, width: 3 },
    })
    let cancelled = () => {}
    const { wrapper, bridge } = await open({
      ...withRun,
      'inspect.ask': async ({ source, query, request }) => {
        if (query.type !== 'topPatches') return sampleAnswer(source, query)
        await Promise.resolve()
        bridge.emit('inspect.progress', { request, done: 400, total: 10_000, partial: null })
        if (bridge.log.filter(({ name }) => name === 'inspect.cancel').length === 0) {
          await new Promise<void>((resolve) => (cancelled = resolve))
          throw new AppError('cancelled', 'It was ended.')
        }
        const channels = [{ channel: 0, best: [patch(5, 0.98), patch(6, 0.9)], worst: [patch(7, -0.97)] }]
        return { layer: query.layer, channels, looked: 10_000 }
      },
      'inspect.cancel': () => cancelled() as undefined,
    })
    await press(wrapper, 'My network')
    await flushPromises()
    await press(wrapper, 'Template matching')
    await press(wrapper, 'Find the matches of W0')
    expect(wrapper.text()).toContain('400')
    await press(wrapper, 'Cancel')
    expect(wrapper.text()).not.toContain('It was ended.')
    await press(wrapper, 'Find the matches of W0')
    expect(bridge.log.filter(({ name }) => name === 'inspect.ask').at(-1)?.input).toMatchObject({
      query: { type: 'topPatches', layer: 'conv1', channels: [0], measure: 'cosine', worst: true },
    })
    const walls = wrapper.findAll('[data-testid=patches]')
    expect(walls.map((wall) => wall.attributes('data-count'))).toEqual(['2', '1'])
    await walls[0]?.trigger('keydown', { key: 'ArrowRight' })
    await walls[0]?.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(useInside().picture).toEqual({ type: 'dataset', split: 'test', index: 5 })
    expect(useConvolution().place).toEqual({ filter: 0, row: 2, column: 3 })
  })

  it('says what went wrong, and tries again', async () => {
    let fails = true
    const { wrapper } = await open({
      ...withRun,
      'inspect.ask': ({ source, query }) => {
        if (fails && query.type === 'convolution') throw new AppError('not-found', 'The checkpoint is gone.')
        return sampleAnswer(source, query)
      },
    })
    await press(wrapper, 'My network')
    await flushPromises()
    expect(wrapper.text()).toContain('The checkpoint is gone.')
    fails = false
    await press(wrapper, 'Try again')
    expect(wrapper.find('[data-testid=convolution-position]').text()).toBe('1 of 16,900')
  })
})
