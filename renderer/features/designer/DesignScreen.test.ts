import { flushPromises, type DOMWrapper } from '@vue/test-utils'
import type { Pinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NetworkDocument } from '../../../shared/network/document'
import { useDesign } from '../../stores/design'
import { useDesignView } from '../../stores/design-view'
import { useShell } from '../../stores/shell'
import { mountWindow } from '../../testing/mount-window'
import { referenceNetwork } from '../../testing/samples'

let unmount = () => {}
/** Of the window under test: a timer of the last one may make its own the active one. */
let pinia: Pinia | undefined
async function open(changes: Parameters<typeof mountWindow>[0] = {}) {
  const opened = await mountWindow(changes)
  unmount = () => opened.wrapper.unmount()
  pinia = opened.wrapper.vm.$pinia
  // Settings, recovered work and the reference network come one after the other.
  await vi.waitFor(() => expect(useDesign(pinia).document).not.toBeNull())
  useShell(pinia).go('design')
  await flushPromises()
  return { ...opened, design: useDesign(pinia), view: useDesignView(pinia) }
}
beforeEach(() => {
  // Boxes have no size here, and the canvas waits for one.
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(900)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(640)
})
afterEach(() => {
  unmount()
  vi.restoreAllMocks()
})

async function press(key: string, part: KeyboardEventInit = {}): Promise<void> {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...part }))
  await flushPromises()
}
function ids(): string[] {
  return useDesign(pinia).document?.layers.map((layer) => layer.id) ?? []
}
function field(wrapper: Awaited<ReturnType<typeof open>>['wrapper'], label: string): DOMWrapper<HTMLInputElement> {
  const found = wrapper.findAll<HTMLInputElement>('input').find((input) => {
    return input.element.closest('.field')?.querySelector('label')?.textContent === label
  })
  if (!found) throw new Error(`no field ${label}`)
  return found
}

/** The reference network, but for pictures and classes that no data set has. */
function forSevenColourThings(): NetworkDocument {
  const document = referenceNetwork()
  const layers = document.layers.map((layer) => {
    if (layer.id === 'input') return { ...layer, params: { height: 32, width: 32, channels: 3 } }
    return layer.id === 'fc3' ? { ...layer, params: { ...layer.params, out_features: 7 } } : layer
  })
  return { ...document, layers }
}
/** Fixes are offered once the window has time to try them. */
function button(within: Pick<DOMWrapper<Element>, 'findAll'>, text: string): Promise<DOMWrapper<HTMLButtonElement>> {
  return vi.waitFor(() => {
    const found = within.findAll<HTMLButtonElement>('button').find((one) => one.text() === text)
    if (!found) throw new Error(`no button ${text}`)
    return found
  })
}

describe('the palette', () => {
  it('finds a kind and appends it behind the selected layer', async () => {
    const { wrapper, design } = await open()
    design.select(['conv1'])
    const search = wrapper.get('[role=combobox]')
    await search.setValue('dropout')
    await search.trigger('keydown', { key: 'Enter' })
    expect(ids().slice(0, 4)).toEqual(['input', 'conv1', 'dropout1', 'bn1'])
    expect(design.selection).toEqual(['dropout1'])
    expect(wrapper.get('[data-testid=announcement]').text()).toBe('Done: add dropout1')
  })
  it('appends what is double-clicked, and with Shift branches off', async () => {
    const { wrapper, design } = await open()
    design.select(['pool1'])
    await wrapper.get('[data-kind=dropout]').trigger('dblclick')
    expect(design.document?.layers.find(({ id }) => id === 'conv2')?.inputs).toEqual(['dropout1'])
    design.select(['pool1'])
    await wrapper.get('[data-kind=tanh]').trigger('dblclick', { shiftKey: true })
    expect(design.document?.layers.find(({ id }) => id === 'tanh1')?.inputs).toEqual(['pool1'])
    expect(design.document?.layers.find(({ id }) => id === 'dropout1')?.inputs).toEqual(['pool1'])
  })
  it('says when nothing is called so', async () => {
    const { wrapper } = await open()
    await wrapper.get('[role=combobox]').setValue('qqq')
    expect(wrapper.text()).toContain('No layer is called “qqq”.')
  })
})

describe('the keyboard', () => {
  it('deletes, undoes and does again', async () => {
    const { design } = await open()
    design.select(['relu1'])
    await press('Delete')
    expect(ids()).not.toContain('relu1')
    await press('z', { ctrlKey: true })
    expect(ids()).toContain('relu1')
    await press('y', { ctrlKey: true })
    expect(ids()).not.toContain('relu1')
  })
  it('copies as JSON text and pastes from it', async () => {
    let clipboard = ''
    const { design } = await open({
      'clipboard.write': (content) => {
        if ('text' in content) clipboard = content.text
        return undefined
      },
      'clipboard.read': () => clipboard,
    })
    design.select(['conv2', 'bn2'])
    await press('c', { ctrlKey: true })
    expect(JSON.parse(clipboard)).toMatchObject({ format: 'convscope.fragment' })
    await press('v', { ctrlKey: true })
    expect(design.selection).toEqual(['conv3', 'bn3'])
  })
  it('says what is not on the clipboard', async () => {
    const { wrapper } = await open({ 'clipboard.read': () => 'words' })
    await press('v', { ctrlKey: true })
    expect(wrapper.text()).toContain('There are no layers on the clipboard.')
  })
  it('selects all, groups and dissolves', async () => {
    const { design } = await open()
    design.select(['conv2', 'bn2', 'relu2'])
    await press('g', { ctrlKey: true })
    expect(design.document?.groups).toEqual([{ id: 'block1', layers: ['conv2', 'bn2', 'relu2'], repeat: 1 }])
    await press('G', { ctrlKey: true, shiftKey: true })
    expect(design.document?.groups).toBeUndefined()
    await press('a', { ctrlKey: true })
    expect(design.selection).toHaveLength(15)
  })
  it('shows where a connection may end, and leaves it with Escape', async () => {
    const { design, view } = await open()
    design.select(['conv1'])
    await press('c')
    expect(view.targets?.get('input')).toEqual({ allowed: false, reason: '“input” takes no input.' })
    expect(view.targets?.get('relu2')?.allowed).toBe(true)
    await press('Escape')
    expect(view.targets).toBeNull()
  })
  it('puts a layer on a connection that it walked to', async () => {
    const { wrapper, design, view } = await open()
    design.select(['conv1'])
    await press('e')
    expect(view.selectedEdge).toMatchObject({ from: 'conv1', to: 'bn1' })
    await press('i')
    const search = document.querySelector<HTMLInputElement>('.insert-palette input')
    if (!search) throw new Error('no list of layers')
    search.value = 'dropout'
    search.dispatchEvent(new Event('input'))
    await flushPromises()
    search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    await flushPromises()
    expect(design.document?.layers.find(({ id }) => id === 'bn1')?.inputs).toEqual(['dropout1'])
    expect(design.selection).toEqual(['dropout1'])
    expect(document.querySelector('.insert-palette')).toBeNull()
    expect(wrapper.get('[data-testid=announcement]').text()).toBe('Done: insert dropout1')
  })
  it('walks along a connection to its ends, and cuts it', async () => {
    const { design, view } = await open()
    design.select(['conv1'])
    await press('e')
    await press('ArrowDown')
    expect(design.selection).toEqual(['bn1'])
    await press('e')
    await press('ArrowUp')
    expect(design.selection).toEqual(['bn1'])
    await press('e')
    await press('Delete')
    expect(view.selectedEdge).toBeNull()
    expect(design.document?.layers.find(({ id }) => id === 'relu1')?.inputs).toEqual([])
    expect(design.selection).toEqual(['relu1'])
  })
  it('leaves keys to text fields', async () => {
    const { wrapper, design } = await open()
    design.select(['conv1'])
    await flushPromises()
    field(wrapper, 'Output channels').element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Delete', bubbles: true, cancelable: true }),
    )
    expect(ids()).toContain('conv1')
  })
})

describe('the inspector', () => {
  it('changes a parameter as it is typed, and everything that follows', async () => {
    const { wrapper, design } = await open()
    design.select(['conv1'])
    await flushPromises()
    await field(wrapper, 'Output channels').setValue('30')
    expect(design.document?.layers[1]?.params.out_channels).toBe(30)
    expect(wrapper.get('.inspector').text()).toContain('26 × 26 × 30')
  })
  it('keeps a wrong value, names the rule and marks the layer', async () => {
    const { wrapper, design, view } = await open()
    design.select(['conv1'])
    await flushPromises()
    await field(wrapper, 'Output channels').setValue('0')
    expect(wrapper.get('.inspector [role=alert]').text()).toBe('At least 1.')
    expect(view.cards.get('conv1')?.severity).toBe('error')
    design.select([])
    await flushPromises()
    design.select(['conv1'])
    await flushPromises()
    expect(field(wrapper, 'Output channels').element.value).toBe('0')
  })
  it('refuses a taken identifier and gives a free one, which inputs follow', async () => {
    const { wrapper, design } = await open()
    design.select(['conv1'])
    await flushPromises()
    const id = field(wrapper, 'Identifier')
    await id.setValue('bn1')
    await id.trigger('blur')
    expect(wrapper.get('.inspector [role=alert]').text()).toBe('Another layer or block is called “bn1”.')
    await id.setValue('stem')
    await id.trigger('blur')
    expect(design.selection).toEqual(['stem'])
    expect(design.document?.layers[2]?.inputs).toEqual(['stem'])
  })
})

describe('problems', () => {
  it('are counted, listed, and mended by one click that can be undone', async () => {
    const { wrapper, design } = await open()
    design.select(['flatten'])
    await press('Delete')
    expect(wrapper.get('[data-testid=problem-count]').text()).toContain('1 problem')
    await wrapper.get('[data-testid=problem-count]').trigger('click')
    const panel = wrapper.get('[data-testid=problems]')
    expect(panel.text()).toContain('needs a flat input, but 5 × 5 × 50 values enter')
    await (await button(panel, 'Insert Flatten')).trigger('click')
    expect(wrapper.get('[data-testid=problem-count]').text()).not.toContain('problem')
    expect(ids()).toContain('flatten1')
    await press('z', { ctrlKey: true })
    expect(wrapper.get('[data-testid=problem-count]').text()).toContain('1 problem')
  })
})

describe('beside the selected layer', () => {
  it('stands what is wrong with it, and what mends it', async () => {
    const { wrapper, design } = await open()
    design.select(['flatten'])
    await press('Delete')
    design.select(['fc1'])
    await flushPromises()
    await (await button(wrapper.get('.inspector'), 'Insert Flatten')).trigger('click')
    expect(ids()).toContain('flatten1')
    expect(wrapper.get('[data-testid=problem-count]').text()).not.toContain('problem')
  })
  it('stands what is rarely meant, and what does away with it', async () => {
    const { wrapper, design } = await open()
    design.select(['conv1'])
    await flushPromises()
    await (await button(wrapper.get('.inspector'), 'Switch the bias of conv1 off')).trigger('click')
    expect(design.document?.layers[1]?.params.bias).toBe(false)
    expect(design.selection).toEqual(['conv1'])
  })
})

describe('a network for other pictures', () => {
  it('is told of with the data set, and mended by one click each', async () => {
    const { wrapper, bridge } = await open({ 'networks.reference': forSevenColourThings })
    const count = wrapper.get('[data-testid=problem-count]')
    expect(count.text()).toContain('2 problems')
    await press('Enter', { ctrlKey: true })
    expect(bridge.log.some((call) => call.name === 'runs.start')).toBe(false)
    await count.trigger('click')
    const panel = wrapper.get('[data-testid=problems]')
    expect(panel.text()).toContain('takes 32 × 32 × 3, but pictures of MNIST are 28 × 28 × 1')
    expect(panel.text()).toContain('gives 7, but MNIST has 10 classes')
    await (await button(panel, 'Set the Input to 28 × 28 × 1')).trigger('click')
    await (await button(panel, 'Set outputs to 10')).trigger('click')
    expect(count.text()).not.toContain('problem')
    await press('Enter', { ctrlKey: true })
    expect(bridge.log.some((call) => call.name === 'runs.start')).toBe(true)
  })
})

describe('training', () => {
  it('trains the document as it is designed now', async () => {
    const { design, bridge } = await open()
    design.select(['relu4'])
    await press('Delete')
    await press('Enter', { ctrlKey: true })
    const started = bridge.log.find((call) => call.name === 'runs.start')
    expect(started?.input).toMatchObject({ document: design.document })
    expect(ids()).not.toContain('relu4')
  })
})
