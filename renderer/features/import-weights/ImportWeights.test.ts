import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../../shared/formats/safetensors'
import { elementCount } from '../../../shared/network/shape'
import { requireSound } from '../../../shared/network/analyze'
import { useShell } from '../../stores/shell'
import { useStartingWeights } from '../../stores/starting-weights'
import { mountWindow } from '../../testing/mount-window'
import { referenceNetwork } from '../../testing/samples'
import { readWeights, type WeightAnswer, type WeightRequest } from './reading'

/** The worker, in the window's own thread. */
class Beside {
  onmessage: ((event: { data: WeightAnswer }) => void) | null = null
  postMessage(request: WeightRequest): void {
    setTimeout(() => this.onmessage?.({ data: readWeights(request) }))
  }
  terminate(): void {
    this.onmessage = null
  }
}

/** The reference network's weights under PyTorch-like names, one of them of another size. */
function file(): Uint8Array {
  const { layers } = requireSound(referenceNetwork())
  return writeSafetensors(
    new Map(
      layers.flatMap(({ node, weights }) =>
        weights.map(({ name, shape }) => {
          const size = node.id === 'fc3' ? [7, ...shape.slice(1)] : shape
          return [`module.${node.id}.${name}`, { shape: size, values: new Float32Array(elementCount(size)).fill(0.5) }]
        }),
      ),
    ),
  )
}

let wrapper: VueWrapper
async function open(name: string, bytes: Uint8Array) {
  const opened = await mountWindow({ 'weights.read': () => ({ type: 'read', name, bytes }) })
  wrapper = opened.wrapper
  useShell().go('train')
  await flushPromises()
  await press('Start from weights of a file…')
  await vi.waitFor(() => expect(useStartingWeights().reading).toBe(false), { timeout: 20_000 })
  await flushPromises()
  return opened.bridge
}

async function press(name: string): Promise<void> {
  const found = [...document.querySelectorAll<HTMLButtonElement>('button')].find(
    (one) => one.textContent.trim() === name || one.getAttribute('aria-label') === name,
  )
  if (!found) throw new Error(`no button ${name}`)
  found.click()
  await flushPromises()
}

async function train(): Promise<void> {
  await wrapper.find('[data-testid=train-button]').trigger('click')
  await flushPromises()
}

const dialog = () => document.querySelector('[role=dialog]')?.textContent ?? ''

beforeEach(() => vi.stubGlobal('Worker', Beside))
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

it('shows what fits and why the rest does not, and starts the run from it', { timeout: 30_000 }, async () => {
  const bridge = await open('theirs.safetensors', file())
  const all = useStartingWeights().targets.length
  expect(dialog()).toContain(`${all - 2} of ${all} weights come from the file.`)
  expect(dialog()).toContain('does not fit: 896 values in place of 1,280')
  await press('Use for the next run')
  expect(dialog()).toBe('')
  await train()
  const input = bridge.log.find(({ name }) => name === 'runs.start')?.input as { weights: Uint8Array }
  const { tensors } = readSafetensors(input.weights, 'sent')
  expect(tensors.size).toBe(all - 2)
  expect(tensors.get('conv1.weight')?.values[0]).toBe(0.5)
})

it('evaluates them without training', { timeout: 30_000 }, async () => {
  const bridge = await open('theirs.safetensors', file())
  await press('Evaluate without training')
  expect(bridge.log.find(({ name }) => name === 'runs.start')?.input).toMatchObject({ config: { epochs: 0 } })
})

it('begins with random weights again where a person removes them', { timeout: 30_000 }, async () => {
  const bridge = await open('theirs.safetensors', file())
  await press('Use for the next run')
  await press('Begin with random weights')
  await train()
  expect(bridge.log.find(({ name }) => name === 'runs.start')?.input).not.toHaveProperty('weights')
})

it('refuses what is pickled and says how to save it', async () => {
  await open('model.pth', Uint8Array.of(0x80, 2, 0x7d))
  expect(dialog()).toContain('model.pth is pickled')
  expect(dialog()).toContain('safetensors.torch.save_file(model.state_dict(), "weights.safetensors")')
})
