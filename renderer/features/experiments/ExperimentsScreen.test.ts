import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useExperiments } from '../../stores/experiments'
import { useRuns } from '../../stores/runs'
import { useShell } from '../../stores/shell'
import { mountWindow, nextFrame } from '../../testing/mount-window'
import { sampleExperiment } from '../../testing/sample-experiment'

let unmount = () => {}
afterEach(() => {
  unmount()
  document.body.innerHTML = ''
})

async function open(seeds: readonly number[] = [1]) {
  const sample = sampleExperiment(seeds)
  const opened = await mountWindow({
    'runs.list': () => sample.runs,
    'experiments.list': () => [sample.experiment],
    'experiments.results': () => sample.results,
  })
  unmount = () => opened.wrapper.unmount()
  // A window that opens on a run that trains shows it first.
  await vi.waitFor(() => expect(useShell().trainView).toBe('live'))
  useShell().go('experiments')
  useExperiments().select(sample.experiment.id)
  await flushPromises()
  await nextFrame()
  return { ...opened, ...sample }
}

function rowsOf(wrapper: VueWrapper) {
  return wrapper.findAll('[data-trial]')
}
function press(wrapper: VueWrapper, text: string): Promise<void> {
  const found = wrapper.findAll('button').find((one) => one.text().startsWith(text))
  if (!found) throw new Error(`no button ${text}`)
  return found.trigger('click')
}
function inDialog(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[role=dialog] ${selector}`)
  if (!found) throw new Error(`no ${selector} in the dialog`)
  return found
}

describe('an experiment', () => {
  it('shows its runs with what was varied, the best first, and how far it is', async () => {
    const { wrapper } = await open()
    expect(rowsOf(wrapper)).toHaveLength(12)
    expect(wrapper.get('[data-testid=experiment]').text()).toContain('10 of 12 done')
    expect(rowsOf(wrapper)[0]?.find('[aria-label=best]').exists()).toBe(true)
    const losses = rowsOf(wrapper).map((row) => row.findAll('td')[4]?.text() ?? '')
    const numbers = losses.map(Number).filter(Number.isFinite)
    expect(numbers).toHaveLength(9)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(losses.slice(9)).toEqual(['–', '–', '–'])
  })

  it('draws a line for each run, and brushes filter lines and rows', async () => {
    const { wrapper } = await open()
    expect(wrapper.findAll('[data-testid=parallel-plot] .line')).toHaveLength(12)
    const lower = wrapper.get('[aria-label="learning_rate, lower end"]')
    expect(lower.attributes('aria-valuetext')).toBe('0.0001')
    // 20 steps of 5 % reach from the foot to the head.
    for (let step = 0; step < 20; step++) await lower.trigger('keydown', { key: 'ArrowUp' })
    expect(lower.attributes('aria-valuetext')).toBe('0.01')
    expect(rowsOf(wrapper)).toHaveLength(4)
    expect(wrapper.findAll('[data-testid=parallel-plot] .line.out')).toHaveLength(8)
    await lower.trigger('keydown', { key: 'Escape' })
    expect(rowsOf(wrapper)).toHaveLength(12)
  })

  it('a row that has the focus stands out among the lines, and opens its run', async () => {
    const { wrapper } = await open()
    const row = rowsOf(wrapper)[2]
    await row?.trigger('focus')
    expect(wrapper.findAll('[data-testid=parallel-plot] .line.on')).toHaveLength(1)
    await row?.trigger('keydown', { key: 'Enter' })
    expect(useShell().screen).toBe('runs')
    expect(useRuns().selectedId).toBe(row?.attributes('data-trial'))
  })

  it('of several seeds shows mean and deviation', async () => {
    const { wrapper } = await open([1, 2, 3])
    expect(rowsOf(wrapper)).toHaveLength(36)
    await press(wrapper, 'Mean')
    const means = wrapper.findAll('table[aria-label^=Mean] tbody tr')
    expect(means).toHaveLength(12)
    expect(means[0]?.text()).toMatch(/0\.\d+ ± 0\.0\d+/)
  })

  it('stops, runs again what failed, and is copied', async () => {
    const { wrapper, bridge, experiment } = await open()
    bridge.answers['experiments.retry'] = () => experiment
    await press(wrapper, 'Stop all')
    await press(wrapper, 'Retry 1 failed run')
    await press(wrapper, 'Copy as CSV')
    await flushPromises()
    const names = bridge.log.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['experiments.stop', 'experiments.retry', 'clipboard.write']))
    const copied = bridge.log.find(({ name }) => name === 'clipboard.write')?.input as { text: string }
    expect(copied.text.split('\n')).toHaveLength(14)
  })

  it('follows the runs as they go on', async () => {
    const { wrapper, bridge, runs } = await open()
    const run = runs.find(({ state }) => state.type === 'running')
    if (!run) throw new Error('none is running')
    const state = { type: 'finished', test: { loss: 0.01, accuracy: 0.995 } } as const
    bridge.emit('run.changed', { ...run, state, endedAt: Date.now() })
    await flushPromises()
    expect(wrapper.get('[data-testid=experiment]').text()).toContain('11 of 12 done')
    expect(wrapper.get(`[data-trial="${run.id}"]`).text()).toContain('99.50%')
  })
})

describe('a new experiment', () => {
  it('is built from parameters found by name, says how many runs that makes, and begins', async () => {
    const { wrapper, bridge, experiment } = await open()
    bridge.answers['experiments.start'] = () => experiment
    await press(wrapper, 'New experiment')
    await flushPromises()
    expect(inDialog('.summary').textContent).toContain('Choose something to vary')
    const find = inDialog('input[type=search]') as HTMLInputElement
    for (const name of ['learning rate', 'conv1.out']) {
      find.value = name
      find.dispatchEvent(new Event('input'))
      await flushPromises()
      find.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
      await flushPromises()
    }
    expect(inDialog('.summary').textContent).toContain('9 runs.')
    inDialog('footer button:last-child').click()
    await flushPromises()
    const sent = bridge.log.find(({ name }) => name === 'experiments.start')?.input
    expect(sent).toMatchObject({
      name: 'Reference CNN',
      parameters: [
        { target: { path: 'learning_rate' }, domain: { values: [0.0001, 0.001, 0.01] } },
        { target: { layer: 'conv1', param: 'out_channels' }, domain: { values: [12, 25, 50] } },
      ],
    })
    expect(document.querySelector('[role=dialog]')).toBeNull()
  })

  it('names combinations that cannot be trained, and leaves them out on demand', async () => {
    const { wrapper } = await open()
    await press(wrapper, 'New experiment')
    await flushPromises()
    const find = inDialog('input[type=search]') as HTMLInputElement
    find.value = 'conv1.kernel'
    find.dispatchEvent(new Event('input'))
    await flushPromises()
    find.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await flushPromises()
    const values = inDialog('.parameter input.text-field') as HTMLInputElement
    values.value = '3, 29'
    values.dispatchEvent(new Event('input'))
    await flushPromises()
    expect(inDialog('.unsound').textContent).toContain('conv1.kernel_size 29: Layer conv1: ')
    const begin = inDialog('footer button:last-child') as HTMLButtonElement
    expect(begin.disabled).toBe(true)
    inDialog('.unsound button[role=switch]').click()
    await flushPromises()
    expect(begin.disabled).toBe(false)
    expect(inDialog('.summary').textContent).toContain('1 run.')
  })
})

it('says so when there are none yet', async () => {
  const { wrapper } = await mountWindow()
  unmount = () => wrapper.unmount()
  useShell().go('experiments')
  await flushPromises()
  expect(wrapper.text()).toContain('Vary settings or layers over many runs')
  expect(wrapper.text()).toContain('Nothing waits')
})
