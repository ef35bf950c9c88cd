import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { QueryOf } from '../../../shared/inspect/queries'
import type { CallInput } from '../../../shared/ipc/contract'
import { useInside } from '../../stores/inside'
import { useShell } from '../../stores/shell'
import { sampleAnswer } from '../../testing/inside-answers'
import { mountWindow } from '../../testing/mount-window'
import { sampleEpoch, sampleRun } from '../../testing/samples'
import { pretendLayout } from '../../testing/sized-page'

const run = sampleRun({ state: { type: 'stopped' }, lastEpoch: sampleEpoch(2) })

let unmount = () => {}
async function open() {
  pretendLayout(700)
  const opened = await mountWindow({
    'runs.list': () => [run],
    'inspect.ask': ({ source, query }) => sampleAnswer(source, query),
  })
  unmount = () => opened.wrapper.unmount()
  useInside().view = 'maps'
  useShell().go('inside')
  await flushPromises()
  return opened
}
afterEach(() => {
  unmount()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

type Opened = Awaited<ReturnType<typeof open>>
function lastQuery({ bridge }: Opened): QueryOf<'activations'> {
  const asked = bridge.log.filter(({ name }) => name === 'inspect.ask').at(-1)
  return (asked?.input as CallInput<'inspect.ask'>).query as QueryOf<'activations'>
}
function card({ wrapper }: Opened, layer: string) {
  const found = wrapper.findAll('article').find((one) => one.find('h3').text() === layer)
  if (!found) throw new Error(`no card of ${layer}`)
  return found
}

it('asks for a page of each layer in sight and shows its statistics, up to the answer', async () => {
  const opened = await open()
  expect(lastQuery(opened).pages.map(({ layer }) => layer)).toEqual(['relu1', 'relu2', 'relu3', 'relu4', 'fc3'])
  expect(card(opened, 'relu1').text()).toMatch(/zeros\s*(4|5)\d%/)
  expect(opened.wrapper.findAll('article [data-testid=probabilities] li')).toHaveLength(10)
  expect(opened.wrapper.findAll('.stage h2').map((one) => one.text())).toEqual(['Edges', 'Parts', 'Wholes'])
})

it('turns the pages of a block together', async () => {
  const opened = await open()
  const buttons = opened.wrapper.findAll('button')
  await buttons.find((one) => one.text() === 'Before and after')?.trigger('click')
  await flushPromises()
  const before = card(opened, 'bn2')
  expect(before.text()).toContain('1 to 22 of 50')
  await before.find('[aria-label="Next maps"]').trigger('click')
  await flushPromises()
  expect(card(opened, 'relu2').text()).toContain('23 to 44 of 50')
  const pages = lastQuery(opened).pages.filter(({ layer }) => layer === 'relu2' || layer === 'bn2')
  expect(pages.map(({ first, count }) => [first, count])).toEqual([
    [22, 22],
    [22, 22],
  ])
})

it('shows a chosen map in large, and walks to the next', async () => {
  const opened = await open()
  await card(opened, 'relu1').find('canvas').trigger('keydown', { key: 'ArrowRight' })
  await flushPromises()
  expect(lastQuery(opened).pages.at(-1)).toEqual({ layer: 'relu1', first: 0, count: 1 })
  const inspector = opened.wrapper.find('[data-testid=map-inspector]')
  expect(inspector.text()).toContain('Channel 1 of 25')
  await inspector.find('[aria-label="Next map"]').trigger('click')
  await flushPromises()
  expect(inspector.text()).toContain('Channel 2 of 25')
})

it('shows which pixels the unit under the pointer sees', async () => {
  const opened = await open()
  useInside().picture = { type: 'dataset', split: 'test', index: 3 }
  await flushPromises()
  const canvas = card(opened, 'relu2').find('canvas')
  await canvas.trigger('pointermove', { offsetX: 1, offsetY: 1 })
  await flushPromises()
  const unit = opened.wrapper.find('[data-testid=unit]')
  expect(unit.text()).toContain('Sees 8 × 8 pixels')
  expect(opened.wrapper.find('[data-testid=receptive-field] rect').attributes()).toMatchObject({
    ...{ x: '0', y: '0', width: '8', height: '8' },
  })
})

it('compares two pictures with the same scales', async () => {
  const opened = await open()
  const inside = useInside()
  inside.startComparing()
  inside.picture = { type: 'dataset', split: 'test', index: 5 }
  await flushPromises()
  const letters = card(opened, 'relu1')
    .findAll('.strip > .letter')
    .map((one) => one.text())
  expect(letters).toEqual(['A', 'B', 'A − B'])
  expect(opened.wrapper.findAll('article [data-testid=probabilities] .second')).toHaveLength(10)
})
