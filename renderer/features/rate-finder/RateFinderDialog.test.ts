import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { useShell } from '../../stores/shell'
import { useTrainingForm } from '../../stores/training-form'
import { mountWindow } from '../../testing/mount-window'
import { sampleRun } from '../../testing/samples'

const points = Array.from({ length: 30 }, (_, i) => ({ rate: 10 ** (-5 + i / 6), loss: 2, smoothed: 2 }))
const result = { points, suggestion: { valley: 0.00234, steepest: 0.006 }, diverged: true }

let unmount = () => {}
afterEach(() => unmount())

async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  useShell().go('train')
  useShell().showTrain('setup')
  await flushPromises()
  await opened.wrapper.find('[data-testid=find-rate]').trigger('click')
  await flushPromises()
  return opened
}
function pressed(id: string): void {
  document.querySelector<HTMLButtonElement>(`[data-testid=${id}]`)?.click()
}
const dialog = () => document.querySelector('[role=dialog]')?.textContent ?? ''

describe('finding a learning rate', () => {
  it('shows how far it is, suggests a rate and takes it over', async () => {
    let finish: (value: typeof result) => void = () => undefined
    const { bridge } = await open({ 'rates.find': () => new Promise((resolve) => (finish = resolve)) })
    pressed('rate-test')
    bridge.emit('rates.progress', { points: points.slice(0, 12), steps: 100 })
    await flushPromises()
    expect(dialog()).toContain('Step 12 of at most 100')
    finish(result)
    await flushPromises()
    expect(dialog()).toContain('Suggested: 0.0023')
    expect(dialog()).toContain('where the loss rose')
    pressed('rate-use')
    await flushPromises()
    expect(useTrainingForm().draft.learning_rate).toBe(0.0023)
    expect(document.querySelector('[role=dialog]')).toBeNull()
  })

  it('ends the test when the dialog is closed', async () => {
    const { bridge } = await open({ 'rates.find': () => new Promise(() => undefined) })
    pressed('rate-test')
    await flushPromises()
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await flushPromises()
    expect(bridge.log.map(({ name }) => name)).toContain('rates.cancel')
  })

  it('says why it cannot', async () => {
    await open({ 'runs.list': () => [sampleRun()] })
    expect(dialog()).toContain('A run is going on')
    expect(document.querySelector('[data-testid=rate-test]')?.hasAttribute('disabled')).toBe(true)
  })

  it('says what went wrong', async () => {
    await open({
      'rates.find': () => {
        throw new AppError('out-of-memory', 'The batch does not fit.')
      },
    })
    pressed('rate-test')
    await flushPromises()
    expect(dialog()).toContain('The batch does not fit.')
  })
})
