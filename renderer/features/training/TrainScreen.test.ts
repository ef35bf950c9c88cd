import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { useShell } from '../../stores/shell'
import { mountWindow, nextFrame } from '../../testing/mount-window'
import { sampleEpoch, sampleKernels, sampleRun } from '../../testing/samples'

let unmount = () => {}
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  // Without a run in progress the window opens on the design.
  if (useShell().screen !== 'train') useShell().go('train')
  await flushPromises()
  return opened
}
afterEach(() => unmount())

function press(key: string, control = false): void {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: control, cancelable: true }))
}

describe('setting up', () => {
  it('shows the network, its cost, the data and the settings', async () => {
    const { wrapper } = await open()
    expect(wrapper.find('h1').text()).toBe('Reference CNN')
    expect(wrapper.text()).toContain('1.43M parameters')
    expect(wrapper.text()).toContain('54,000 pictures to train on')
    expect(wrapper.find('[data-testid=data-strip]').exists()).toBe(true)
  })

  it('does not train with a wrong setting, and names the rule', async () => {
    const { wrapper, bridge } = await open()
    const epochs = wrapper
      .findAll('input')
      .find((input) => input.element.closest('.field')?.textContent?.includes('Epochs'))
    await epochs?.setValue('0')
    expect(wrapper.text()).toContain('At least 1.')
    expect(wrapper.find('[data-testid=train-button]').attributes('aria-disabled')).toBe('true')
    press('Enter', true)
    await flushPromises()
    expect(bridge.log.some((call) => call.name === 'runs.start')).toBe(false)
  })

  it('says why the network cannot be shown', async () => {
    const { wrapper } = await open({
      'networks.reference': () => {
        throw new AppError('not-found', 'reference.json is gone')
      },
    })
    expect(wrapper.text()).toContain('reference.json is gone')
  })
})

describe('training', () => {
  it('starts with Ctrl+Enter and goes live', async () => {
    const { wrapper, bridge } = await open()
    const run = sampleRun({ state: { type: 'running' } })
    bridge.answers['runs.start'] = () => run
    press('Enter', true)
    await flushPromises()
    expect(wrapper.find('[data-testid=run-bar]').text()).toContain('Training')
    bridge.emit('run.progress', {
      id: run.id,
      progress: { epoch: 1, epochs: 3, step: 2, totalSteps: 30, imagesPerSecond: 3100, secondsLeft: 9 },
      steps: [
        { step: 1, loss: 2.3, learningRate: 1e-3 },
        { step: 2, loss: 2.1, learningRate: 1e-3 },
      ],
    })
    bridge.emit('run.kernels', { id: run.id, step: 2, kernels: sampleKernels(0.1) })
    bridge.emit('run.epoch', { id: run.id, result: sampleEpoch(1) })
    await nextFrame()
    expect(wrapper.find('[data-testid=run-bar]').text()).toContain('Epoch 1 of 3')
    expect(wrapper.find('[data-testid=headline-accuracy]').text()).toBe('96.00%')
    expect(wrapper.find('[data-testid=kernels-live]').exists()).toBe(true)
    expect(wrapper.find('[data-testid=chart-loss] canvas').attributes('aria-label')).toContain('2 points')
  })

  it('pauses with the space bar and stops with Ctrl+.', async () => {
    const run = sampleRun()
    const { bridge } = await open({ 'runs.list': () => [run] })
    press(' ')
    press('.', true)
    await flushPromises()
    expect(bridge.log.map((call) => call.name)).toEqual(expect.arrayContaining(['runs.pause', 'runs.stop']))
  })

  it('shows the test accuracy at the end, and the slow engine plainly', async () => {
    const run = sampleRun({
      engine: { id: 'eager', version: 'tfjs-core', device: 'JavaScript', notice: 'TensorFlow is not installed.' },
    })
    const { wrapper, bridge } = await open({ 'runs.list': () => [run] })
    expect(wrapper.text()).toContain('TensorFlow is not installed.')
    bridge.emit('run.changed', {
      ...run,
      state: { type: 'finished', test: { loss: 0.04, accuracy: 0.9873 } },
      endedAt: Date.now(),
    })
    await flushPromises()
    expect(wrapper.find('[data-testid=headline-accuracy]').text()).toBe('98.73%')
    expect(wrapper.find('[data-testid=run-bar]').exists()).toBe(false)
  })
})
