import { DOMWrapper, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { runConfigSchema } from '../../../shared/training/config'
import { useShell } from '../../stores/shell'
import { useTrainingForm } from '../../stores/training-form'
import { mountWindow } from '../../testing/mount-window'
import { sampleRun } from '../../testing/samples'

let unmount = () => {}
afterEach(() => unmount())

const active = sampleRun({ name: 'Goes on' })
const waiting = ['first', 'second', 'third'].map((name) => sampleRun({ name, state: { type: 'queued' } }))
const order = waiting.map(({ id }) => id)

async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow({
    'runs.list': () => [active, ...waiting],
    'queue.get': () => ({ order, held: null }),
    ...changes,
  })
  unmount = () => opened.wrapper.unmount()
  return opened
}

function button(wrapper: VueWrapper, text: string): DOMWrapper<Element> {
  const found = wrapper.findAll('button').find((one) => one.text() === text)
  if (!found) throw new Error(`no button ${text}`)
  return found
}

it('Train adds to the queue while a run goes on, and says how many are before it', async () => {
  const { wrapper, bridge } = await open()
  useShell().showTrain('setup')
  await flushPromises()
  const train = wrapper.get('[data-testid=train-button]')
  expect(train.text()).toBe('Add to queue')
  await train.trigger('click')
  await flushPromises()
  expect(bridge.log.map(({ name }) => name)).toContain('queue.add')
  expect(bridge.log.map(({ name }) => name)).not.toContain('runs.start')
  expect(wrapper.text()).toContain('4 runs before it')
  expect(wrapper.get('[data-testid=run-bar]').text()).toContain('3 wait')
})

it('shows the queue in its order, moves and removes', async () => {
  const { wrapper, bridge } = await open({ 'queue.move': () => ({ order: [...order].reverse(), held: null }) })
  useShell().go('experiments')
  await flushPromises()
  const names = () => wrapper.findAll('[data-testid=queue] li strong').map((name) => name.text())
  expect(names()).toEqual(['first', 'second', 'third'])
  await wrapper.findAll('[data-testid=queue] li')[2]?.get('[aria-label="Move to the front"]').trigger('click')
  await flushPromises()
  expect(bridge.log.at(-1)).toEqual({ name: 'queue.move', input: { id: order[2], to: 0 } })
  expect(names()).toEqual(['third', 'second', 'first'])
  await wrapper.findAll('[data-testid=queue] li')[0]?.get('[aria-label="Take out of the queue"]').trigger('click')
  expect(bridge.log.at(-1)).toEqual({ name: 'queue.remove', input: { ids: [order[2]] } })
})

it('gives a run that waits other settings, and takes them back', async () => {
  const given: unknown[] = []
  const { wrapper, bridge } = await open({
    'queue.configure'({ id, config }) {
      given.push([id, config])
      return { ...waiting[1]!, config: runConfigSchema.parse(config) }
    },
  })
  useShell().go('experiments')
  await flushPromises()
  await wrapper.findAll('[data-testid=queue] li')[1]?.get('[aria-label="Change the settings"]').trigger('click')
  await flushPromises()
  const dialog = () => new DOMWrapper(document.querySelector('[role=dialog]'))
  const save = () =>
    dialog()
      .findAll('button')
      .find((one) => one.text() === 'Save')
  expect(save()?.attributes('disabled')).toBeDefined()
  await dialog().get('form input').setValue('9')
  await dialog().get('form input').trigger('blur')
  await save()?.trigger('click')
  await flushPromises()
  const before = waiting[1]!.config
  expect(given).toEqual([[order[1], { ...before, epochs: 9 }]])
  expect(document.querySelector('[role=dialog]')).toBeNull()
  await button(wrapper, 'Undo').trigger('click')
  await flushPromises()
  expect(given[1]).toEqual([order[1], before])
  // The next run's settings are others.
  expect(useTrainingForm().config?.epochs).toBe(before.epochs)
  expect(bridge.log.map(({ name }) => name)).not.toContain('queue.add')
})

it('says so when the run begins while its settings are changed', async () => {
  const { wrapper, bridge } = await open()
  useShell().go('experiments')
  await flushPromises()
  await wrapper.findAll('[data-testid=queue] li')[0]?.get('[aria-label="Change the settings"]').trigger('click')
  await flushPromises()
  bridge.emit('run.changed', { ...waiting[0]!, state: { type: 'starting' } })
  await flushPromises()
  expect(document.querySelector('[role=dialog]')?.textContent).toContain('It has begun meanwhile')
})

it('leaves the settings of an experiment’s run to its plan', async () => {
  const planned = { ...waiting[0]!, experiment: crypto.randomUUID() }
  const { wrapper } = await open({ 'runs.list': () => [active, planned] })
  useShell().go('experiments')
  await flushPromises()
  const change = wrapper.get('[data-testid=queue] li button')
  expect(change.attributes()).toMatchObject({ 'aria-label': 'Its settings are those of its experiment', disabled: '' })
})

it('after a restart the queue waits until the person lets it go on', async () => {
  const { wrapper, bridge } = await open({
    'runs.list': () => waiting,
    'queue.get': () => ({ order, held: 'restart' }),
    'queue.resume': () => ({ order: order.slice(1), held: null }),
  })
  expect(wrapper.text()).toContain('3 runs wait')
  await button(wrapper, 'Go on').trigger('click')
  await flushPromises()
  expect(bridge.log.at(-1)?.name).toBe('queue.resume')
  expect(wrapper.text()).not.toContain('from before the last start')
})

it('a failed run is told while the queue goes on', async () => {
  const { wrapper, bridge } = await open()
  const error = { kind: 'not-a-number', message: 'The loss of step 14 is NaN.', fix: '', params: {} } as const
  bridge.emit('run.changed', { ...active, state: { type: 'failed', error } })
  await flushPromises()
  expect(wrapper.get('[role=alert]').text()).toContain('Goes on: The loss of step 14 is NaN.')
})
