import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import type { FakeBridge } from '../testing/fake-bridge'
import { useFakeBridge } from '../testing/mount-window'
import { referenceNetwork } from '../testing/samples'
import { useDesign } from './design'
import { useDocuments } from './documents'
import { useImports } from './imports'
import { useStartingWeights } from './starting-weights'
import { useToasts } from './toasts'

const label = { key: 'history.rename' } as never
let bridge: FakeBridge

/** A design of the given file, changed since. */
function unsaved(path: string | null): void {
  const design = useDesign()
  design.load(referenceNetwork(), path === null ? null : { path })
  design.applyEdit(label, { ...referenceNetwork(), name: 'Changed' })
}

function named(name: string): number {
  return bridge.log.filter((call) => call.name === name).length
}

beforeEach(() => {
  bridge = useFakeBridge()
})

describe('documents', () => {
  it('asks before another design takes the place of an unsaved one, and cancel keeps it', async () => {
    unsaved(null)
    expect(await useDocuments().open('/nets/other.convscope')).toBe(false)
    expect(named('documents.open')).toBe(0)
    expect(useDesign().document?.name).toBe('Changed')
  })

  it('saves first where the person says so', async () => {
    unsaved('/nets/mine.convscope')
    bridge.answers['documents.ask'] = () => 'yes'
    expect(await useDocuments().open('/nets/other.convscope')).toBe(true)
    expect(bridge.log.find(({ name }) => name === 'documents.save')?.input).toMatchObject({
      path: '/nets/mine.convscope',
      overwrite: false,
    })
    expect(useDesign().source).toEqual({ path: '/nets/other.convscope' })
  })

  it('does not open another where saving was called off', async () => {
    unsaved(null)
    bridge.answers['documents.ask'] = () => 'yes'
    bridge.answers['documents.save'] = () => ({ type: 'cancelled' })
    expect(await useDocuments().create()).toBe(false)
    expect(useDesign().isDirty).toBe(true)
  })

  it('leaves the design as it is where a file cannot be read, and says why', async () => {
    unsaved(null)
    bridge.answers['documents.ask'] = () => 'no'
    bridge.answers['documents.open'] = () => {
      throw new AppError('invalid-network', 'x.json is damaged: layers: missing')
    }
    expect(await useDocuments().open('/x.json')).toBe(false)
    expect(useDesign().document?.name).toBe('Changed')
    expect(useDesign().isDirty).toBe(true)
    expect(useToasts().toasts.at(-1)).toMatchObject({ tone: 'error', error: { kind: 'invalid-network' } })
  })

  it('overwrites a file that another program changed only when told to', async () => {
    unsaved('/nets/mine.convscope')
    bridge.answers['documents.save'] = ({ path, overwrite }) =>
      overwrite ? { type: 'saved', path: path ?? '' } : { type: 'changed', path: path ?? '' }
    expect(await useDocuments().save()).toBe(false)
    expect(useDesign().isDirty).toBe(true)
    bridge.answers['documents.ask'] = () => 'yes'
    expect(await useDocuments().save()).toBe(true)
    expect(useDesign().isDirty).toBe(false)
  })

  it('stays unsaved where one went on editing while the file was written', async () => {
    unsaved('/nets/mine.convscope')
    bridge.answers['documents.save'] = ({ path }) => {
      useDesign().applyEdit(label, { ...referenceNetwork(), name: 'Later' })
      return { type: 'saved', path: path ?? '' }
    }
    expect(await useDocuments().save()).toBe(true)
    expect(useDesign().isDirty).toBe(true)
    expect(named('documents.clearAutosave')).toBe(0)
  })

  it('opens no second box while the first is open', async () => {
    let answer: (value: null) => void = () => undefined
    bridge.answers['documents.open'] = () => new Promise((done) => (answer = done))
    const first = useDocuments().open()
    expect(await useDocuments().open()).toBe(false)
    await flushPromises()
    answer(null)
    expect(await first).toBe(false)
    expect(named('documents.open')).toBe(1)
  })

  it('brings back what was not saved, as unsaved, and tells of it', async () => {
    bridge.answers['documents.recover'] = () => ({
      type: 'restored',
      document: { ...referenceNetwork(), name: 'Lost' },
      path: '/nets/mine.convscope',
      savedAt: 0,
    })
    await useDocuments().restore()
    expect(useDesign().document?.name).toBe('Lost')
    expect(useDesign().isDirty).toBe(true)
    expect(useDesign().source).toEqual({ path: '/nets/mine.convscope' })
    expect(useToasts().toasts).toHaveLength(1)
  })

  it('opens a dropped file by its path, and one without a path as a design that was never saved', async () => {
    const documents = useDocuments()
    const text = JSON.stringify(referenceNetwork())
    await documents.drop(Object.assign(new File([text], 'a.json'), { path: '/nets/a.json' }))
    expect(useDesign().source).toEqual({ path: '/nets/a.json' })
    await documents.drop(new File([text], 'b.json'))
    expect(useDesign().source).toBeNull()
    expect(useDesign().isDirty).toBe(true)
  })

  it('sends a file of another program to import, dropped or called with, and leaves the design', async () => {
    const documents = useDocuments()
    const imports = useImports()
    unsaved(null)
    await documents.drop(new File(['{"class_name": "Sequential"}'], 'keras.json'))
    expect(documents.dialog).toBe('import')
    expect(imports.text).toBe('{"class_name": "Sequential"}')
    await documents.drop(new File(['\x08\x07'], 'net.onnx'))
    expect(imports.file).toMatchObject({ type: 'onnx', name: 'net.onnx', size: 2 })
    await documents.drop(new File(['PK'], 'old.ckpt'))
    expect(imports.file).toMatchObject({ type: 'failed', code: 'pytorch-weights' })
    await documents.drop(new File(['PK'], 'weights.pt'))
    expect(useStartingWeights().dialogOpen).toBe(true)
    documents.dialog = null
    bridge.answers['documents.pending'] = () => '/models/big.onnx'
    bridge.answers['documents.readImport'] = () => ({ type: 'too-large', name: 'big.onnx', size: 9, most: 5 })
    await documents.openPending()
    expect(documents.dialog).toBe('import')
    expect(imports.file).toMatchObject({ code: 'too-large', params: { source: 'big.onnx', most: 5 } })
    expect(useDesign().document?.name).toBe('Changed')
  })

  it('imports as a design that was never saved, keeps its weights, and asks what becomes of the last one', async () => {
    const documents = useDocuments()
    const imports = useImports()
    unsaved('/nets/mine.convscope')
    const weights = new Map([['conv1.weight', { shape: [1], values: Float32Array.of(1) }]])
    const imported = { document: referenceNetwork(), weights, sizeAsked: false, layers: [], report: [] }
    documents.dialog = 'import'
    expect(await documents.useImport(imported)).toBe(false)
    expect(useDesign().document?.name).toBe('Changed')
    expect(documents.dialog).toBe('import')
    bridge.answers['documents.ask'] = () => 'no'
    expect(await documents.useImport(imported)).toBe(true)
    expect(useDesign().document).toEqual(imported.document)
    expect([useDesign().isDirty, useDesign().source, documents.dialog]).toEqual([true, null, null])
    expect(imports.weights?.tensors).toBe(weights)
    await documents.create()
    expect(imports.weights).toBeNull()
  })
})
