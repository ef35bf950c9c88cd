import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { readNpy } from '../../../shared/formats/npy'
import { useInside } from '../../stores/inside'
import { useShell } from '../../stores/shell'
import { sampleAnswer } from '../../testing/inside-answers'
import { mountWindow } from '../../testing/mount-window'
import { sampleEpoch, sampleRun } from '../../testing/samples'
import { pretendLayout } from '../../testing/sized-page'

const run = sampleRun({ state: { type: 'stopped' }, lastEpoch: sampleEpoch(2) })

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  pretendLayout()
  const opened = await mountWindow({
    'runs.list': () => [run],
    'inspect.ask': ({ source, query }) => sampleAnswer(source, query),
    ...changes,
  })
  unmount = () => opened.wrapper.unmount()
  useInside().view = 'kernels'
  useShell().go('inside')
  await flushPromises()
  await flushPromises()
  return opened
}
afterEach(() => {
  unmount()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

type Opened = Awaited<ReturnType<typeof open>>['wrapper']
function grids(wrapper: Opened) {
  return wrapper.findAll('[data-testid=kernel-grid] canvas')
}
function button(wrapper: Opened, text: string) {
  const found = wrapper.findAll('button').find((one) => one.text() === text)
  if (!found) throw new Error(`there is no button ${text}`)
  return found
}

it('lists the convolutions with their sizes, and shows the kernels of the chosen one', async () => {
  const { wrapper } = await open()
  const list = wrapper.findAll('nav li').filter((item) => item.text().includes('Conv2d'))
  expect(list.map((item) => item.find('.size').text())).toEqual(['25 × 1 × 3 × 3', '50 × 25 × 3 × 3'])
  expect(grids(wrapper)[0]?.attributes('aria-label')).toMatch(/^25 kernels of conv1/)
  await list[1]?.find('button').trigger('click')
  await flushPromises()
  expect(grids(wrapper)[0]?.attributes('aria-label')).toMatch(/^50 kernels of conv2/)
})

it('says of the kernel that is chosen by the keyboard what it is, and leads to the stepper', async () => {
  const { wrapper } = await open()
  await grids(wrapper)[0]?.trigger('keydown', { key: 'ArrowRight' })
  await grids(wrapper)[0]?.trigger('keydown', { key: 'ArrowRight' })
  const inspector = wrapper.find('aside.inspector')
  expect(inspector.find('h2').text()).toBe('Kernel 2')
  const { values } = sampleAnswer({ run: run.id, moment: { type: 'now' } }, { type: 'kernels', layer: 'conv1' }) as {
    values: Float32Array
  }
  const norm = Math.hypot(...values.subarray(9, 18))
  expect(inspector.text()).toContain(norm.toPrecision(4))
  await button(wrapper, 'Step through this convolution').trigger('click')
  expect(useInside().view).toBe('convolution')
  expect(useInside().layer).toBe('conv1')
})

it('saves the weights as NumPy reads them', async () => {
  const { wrapper, bridge } = await open()
  await button(wrapper, 'npy').trigger('click')
  await flushPromises()
  const saved = bridge.log.find(({ name }) => name === 'documents.export')?.input as {
    kind: string
    name: string
    content: Uint8Array
  }
  expect([saved.kind, saved.name]).toEqual(['npy', 'conv1 kernels'])
  const array = readNpy(saved.content, 'conv1.npy')
  expect(array.shape).toEqual([25, 1, 3, 3])
  const shown = sampleAnswer({ run: run.id, moment: { type: 'now' } }, { type: 'kernels', layer: 'conv1' })
  expect(array.values).toEqual('values' in shown ? shown.values : null)
  expect(wrapper.text()).toContain('Kernels saved')
})

it('shows both sides of a comparison and what tells them apart', async () => {
  const { wrapper } = await open()
  const inside = useInside()
  inside.startComparing()
  inside.moment = { type: 'epoch', epoch: 0 }
  await flushPromises()
  expect(grids(wrapper)).toHaveLength(3)
  expect(wrapper.findAll('.pane h3').map((title) => title.text())).toEqual(['A', 'B', 'A − B'])
})

it('marks kernels that are dead or like another', async () => {
  const { wrapper } = await open({
    'inspect.ask': ({ source, query }) => {
      const answer = sampleAnswer(source, query)
      if (!('values' in answer)) throw new Error('no kernels')
      answer.values.fill(0, 0, 9)
      answer.values.copyWithin(18, 9, 18)
      return answer
    },
  })
  await vi.waitFor(() => expect(wrapper.text()).toContain('1 pair of twins'))
  expect(wrapper.text()).toContain('1 dead kernel')
  await button(wrapper, '2 = 3').trigger('click')
  expect(wrapper.find('aside.inspector .note').text()).toContain('A twin of kernel 3')
})
