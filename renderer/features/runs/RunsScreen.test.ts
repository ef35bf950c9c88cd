import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { mountWindow } from '../../testing/mount-window'
import { sampleRun } from '../../testing/samples'
import { useShell } from '../../stores/shell'

const finished = sampleRun({
  name: 'Good one',
  state: { type: 'finished', test: { loss: 0.03, accuracy: 0.991 } },
  endedAt: Date.now(),
})
const failed = sampleRun({
  name: 'Bad one',
  state: { type: 'failed', error: { kind: 'trainer-crashed', message: 'Killed by signal 9.', fix: '', params: {} } },
  endedAt: Date.now(),
})

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  useShell().go('runs')
  await flushPromises()
  return opened
}
afterEach(() => unmount())

it('leads to the first training while there is none', async () => {
  const { wrapper } = await open()
  expect(wrapper.text()).toContain('No runs yet')
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Set up the first run')
    ?.trigger('click')
  expect(useShell().screen).toBe('train')
})

it('lists, filters and shows runs', async () => {
  const { wrapper, bridge } = await open({ 'runs.list': () => [finished, failed] })
  expect(wrapper.findAll('tbody tr')).toHaveLength(2)
  await wrapper.find('input[type=search]').setValue('bad')
  expect(wrapper.findAll('tbody tr')).toHaveLength(1)
  await wrapper.find('tbody tr').trigger('click')
  await flushPromises()
  expect(wrapper.text()).toContain('The training process ended unexpectedly.')
  expect(wrapper.text()).toContain('Killed by signal 9.')
  expect(bridge.log.some((call) => call.name === 'runs.steps')).toBe(true)
})

it('says why runs cannot be read, and tries again', async () => {
  let broken = true
  const { wrapper } = await open({
    'runs.list': () => {
      if (broken) throw new AppError('database-locked', 'held by another process')
      return [finished]
    },
  })
  expect(wrapper.text()).toContain('held by another process')
  broken = false
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Try again')
    ?.trigger('click')
  await flushPromises()
  expect(wrapper.text()).toContain('Good one')
})
