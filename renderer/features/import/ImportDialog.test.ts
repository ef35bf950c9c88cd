import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import exported from '../../../tests/import/data/exported.onnx?url&inline'
import { readSafetensors } from '../../../shared/formats/safetensors'
import { locale } from '../../i18n/text'
import ToastList from '../../shell/ToastList.vue'
import { useDatasets } from '../../stores/datasets'
import { useDesign } from '../../stores/design'
import { useDocuments } from '../../stores/documents'
import { FakeWorker } from '../../testing/fake-worker'
import { useFakeBridge } from '../../testing/mount-window'
import { referenceNetwork } from '../../testing/samples'
import DocumentFiles from '../documents/DocumentFiles.vue'

const network = `Net(
  (conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
  (act): Hardswish()
  (fc): Linear(in_features=5408, out_features=10, bias=True)
)`

let wrapper: VueWrapper
/** What belongs to files on every screen, with a design that is saved; its import dialog open. */
async function open(changes: Parameters<typeof useFakeBridge>[0] = {}) {
  const bridge = useFakeBridge(changes)
  useDesign().load(referenceNetwork(), { path: '/nets/mine.convscope' })
  await useDatasets().load()
  const render = () => h(TooltipProvider, null, () => [h(DocumentFiles), h(ToastList)])
  wrapper = mount({ render }, { attachTo: document.body })
  bridge.emit('documents.command', { command: 'import' })
  await flushPromises()
  return bridge
}

function element<Kind extends Element>(selector: string): Kind {
  const found = document.querySelector<Kind>(`[role=dialog] ${selector}`)
  if (!found) throw new Error(`no ${selector}`)
  return found
}
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')].find(
    (one) => one.textContent.trim() === name || one.getAttribute('aria-label') === name,
  )
  if (!found) throw new Error(`no button ${name}`)
  return found
}
async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  field.value = text
  field.dispatchEvent(new Event('input'))
  await flushPromises()
}
function paste(text: string): Promise<void> {
  return type(element<HTMLTextAreaElement>('textarea'), text)
}
async function canImport(): Promise<void> {
  await vi.waitFor(() => expect(button('Import').disabled).toBe(false), { timeout: 4000 })
}
function preview(): string {
  return element('.preview').textContent
}
async function shows(text: string): Promise<void> {
  await vi.waitFor(() => expect(preview()).toContain(text), { timeout: 4000 })
}

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
  locale.value = 'en'
})

describe('a pasted text', () => {
  it('is recognized, and shown with what was read, changed and left out', async () => {
    await open()
    expect(preview()).toContain('Nothing to show yet')
    expect(button('Import').disabled).toBe(true)
    await paste(network)
    await shows('4 layers')
    expect(element('.format').textContent).toContain('Recognized: PyTorch')
    expect(element('.unread').textContent).toMatch(/Could not be read\s*1.*act.*line 3.*no layer for Hardswish here/s)
    expect(element('.changed').textContent).toMatch(/A Flatten is put before it: .* 26 × 26 × 8 values enter/)
    expect(element('.read').textContent).toMatch(/conv.*line 2.*26 × 26 × 8/s)
    // Channels as the first layer says, the rest as the data set's pictures.
    expect(element<HTMLInputElement>('#import-channels').value).toBe('3')
    expect(element<HTMLInputElement>('#import-height').value).toBe('28')
  })

  it('is read anew with another size of the pictures', async () => {
    await open()
    await paste(network)
    await shows('28 × 28 × 3 → 10')
    await type(element('#import-height'), '30')
    await shows('30 × 28 × 3 → 10')
    expect(preview()).toContain('Linear says in_features = 5408, but 5824 enter')
    await type(element('#import-height'), '0')
    expect(element('#import-size-help').textContent).toContain('Whole numbers from 1 to 4096.')
    expect(button('Import').disabled).toBe(true)
    button('Back to what fits the layers').click()
    await shows('28 × 28 × 3 → 10')
    await canImport()
  })

  it('takes the place of the design as one that was never saved', async () => {
    await open()
    const design = useDesign()
    await paste(network)
    await shows('4 layers')
    await canImport()
    button('Import').click()
    await flushPromises()
    expect(design.document?.layers.map(({ id }) => id)).toEqual(['input', 'conv', 'flatten', 'fc'])
    expect([design.isDirty, design.source, useDocuments().dialog]).toEqual([true, null, null])
    expect(document.body.textContent).toContain('“Net” is imported')
  })

  it('leaves everything as it is when the person changes their mind', async () => {
    await open()
    const design = useDesign()
    const before = design.document
    await paste(network)
    await shows('4 layers')
    button('Cancel').click()
    await flushPromises()
    expect(design.document).toBe(before)
    useDocuments().dialog = 'import'
    await flushPromises()
    expect(element<HTMLTextAreaElement>('textarea').value).toBe('')
  })

  it('says what is wrong and what to do, in the window’s language', async () => {
    await open()
    await paste('{"class_name": ')
    await shows('This is not JSON')
    expect(preview()).toContain('Paste the whole text that print(model.to_json()) shows.')
    await paste('nn.Sequential(\n  nn.ReLU() nn.ReLU())')
    await shows('Line 2 cannot be read at “nn.ReLU())”')
    locale.value = 'zh-CN'
    await shows('第 2 行“nn.ReLU())”处无法读取')
    locale.value = 'en'
    await paste('')
    await shows('Nothing to show yet')
  })

  it('is read as the person says', async () => {
    await open()
    await paste('nn.Sequential(nn.ReLU())')
    await shows('2 layers')
    button('Keras').click()
    await shows('This is not JSON')
  })

  it('that cannot be wired says so, and how to get the whole', async () => {
    const bridge = await open()
    await paste('Net(\n  (a): BasicBlock(\n    (conv1): Conv2d(3, 3, kernel_size=(1, 1))\n    (relu): ReLU()\n  )\n)')
    await shows('This text cannot say how the layers are connected')
    button('Copy the command').click()
    await flushPromises()
    expect(bridge.log.findLast(({ name }) => name === 'clipboard.write')?.input).toEqual({
      text: 'torch.onnx.export(model.eval(), torch.randn(1, 3, 28, 28), "model.onnx", external_data=False)',
    })
  })

  it('has a report to be copied', async () => {
    const bridge = await open()
    await paste(network)
    await shows('4 layers')
    button('Copy the report').click()
    await flushPromises()
    const written = bridge.log.findLast(({ name }) => name === 'clipboard.write')?.input as { text: string }
    expect(written.text.split('\n').slice(0, 4)).toEqual([
      'Net',
      '',
      'Could not be read (1)',
      '- act, line 3: There is no layer for Hardswish here. It is left out; what entered it goes on to the next.',
    ])
  })
})

describe('a file', () => {
  // As a data address.
  const bytes = Uint8Array.from(atob(exported.split(',')[1] ?? ''), (letter) => letter.charCodeAt(0))

  it('brings weights, which can be saved from the dialog and afterwards', async () => {
    const bridge = await open({ 'documents.readImport': () => ({ type: 'read', name: 'net.onnx', bytes }) })
    button('Choose a file…').click()
    await shows('11 × 12 × 2 → 3')
    expect(element('.source').textContent).toContain('net.onnx')
    expect(element('footer').textContent).toMatch(/It brings \d+ trained values\./)
    button('Save weights…').click()
    await flushPromises()
    const saved = bridge.log.findLast(({ name }) => name === 'documents.export')?.input
    expect(saved).toMatchObject({ kind: 'safetensors', name: 'net' })
    const { content } = saved as { content: Uint8Array }
    expect(readSafetensors(content, 'saved').tensors.get('bn2.running_var')?.shape).toEqual([4])
    await canImport()
    button('Import').click()
    await flushPromises()
    expect(useDesign().document?.name).toBe('net')
  })

  it('that cannot be read says what to do, and is taken away again', async () => {
    await open({
      'documents.readImport': () => ({ type: 'too-large', name: 'big.onnx', size: 2 ** 31, most: 2 ** 28 }),
    })
    button('Choose a file…').click()
    await shows('big.onnx is too large')
    expect(preview()).toContain('At most 256 MB can be imported')
    button('Take big.onnx away').click()
    await shows('Nothing to show yet')
    expect(element<HTMLTextAreaElement>('textarea').value).toBe('')
  })
})
