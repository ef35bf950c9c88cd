import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { mountWindow } from '../../testing/mount-window'
import { fashionEntry, mnistEntry } from '../../testing/samples'
import { useShell } from '../../stores/shell'
import { useTrainingForm } from '../../stores/training-form'

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  useShell().go('data')
  await flushPromises()
  return opened
}
afterEach(() => unmount())

it('shows what there is, and what to do about what is missing', async () => {
  const { wrapper } = await open({ 'datasets.list': () => [mnistEntry, fashionEntry] })
  expect(wrapper.text()).toContain('Training 60,000')
  const card = wrapper.findAll('.card').find((one) => one.text().includes('Fashion-MNIST'))
  expect(card?.text()).toContain('Not here')
  await card?.trigger('click')
  expect(wrapper.text()).toContain('Install the Debian package dataset-fashion-mnist')
})

it('takes a data set to the training', async () => {
  const other = { ...fashionEntry, problem: null }
  const { wrapper } = await open({ 'datasets.list': () => [mnistEntry, other] })
  await wrapper.findAll('.card')[1]?.trigger('click')
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Train on it')
    ?.trigger('click')
  expect(useTrainingForm().draft.dataset).toBe('fashion-mnist')
  expect(useShell().screen).toBe('train')
})

it('is plain about there being none', async () => {
  const { wrapper } = await open({ 'datasets.list': () => [] })
  expect(wrapper.text()).toContain('No data sets')
})
