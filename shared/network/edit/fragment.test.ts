import { describe, expect, it } from 'vitest'
import { networkDocumentSchema, type NetworkDocument } from '../document'
import { expandGroups } from '../groups'
import { copyLayers, duplicateLayers, pasteLayers } from './fragment'
import { changeGroup, groupLayers, ungroupLayers } from './group'
import type { Edited } from './result'

const document: NetworkDocument = networkDocumentSchema.parse({
  format: 'convscope.network',
  version: 1,
  name: 'small',
  layers: [
    { id: 'input', kind: 'input' },
    { id: 'conv1', kind: 'conv2d', params: { padding: 'same' }, inputs: ['input'], position: { x: 0, y: 100 } },
    { id: 'relu1', kind: 'relu', inputs: ['conv1'] },
    { id: 'flatten', kind: 'flatten', inputs: ['relu1'] },
  ],
})
const offset = { x: 24, y: 24 }
function done(edited: Edited): { document: NetworkDocument; ids: readonly string[] } {
  if ('refusal' in edited) throw new Error(`refused: ${edited.refusal.code}`)
  expect(networkDocumentSchema.safeParse(edited.document).error).toBeUndefined()
  return edited
}
function code(edited: Edited): string | null {
  return 'refusal' in edited ? edited.refusal.code : null
}

describe('copy and paste', () => {
  it('pastes under free ids, joined as the originals are', () => {
    const text = copyLayers(document, ['relu1', 'conv1']) ?? ''
    const { document: next, ids } = done(pasteLayers(document, text, offset))
    expect(ids).toEqual(['conv2', 'relu2'])
    expect(next.layers.slice(-2)).toEqual([
      { id: 'conv2', kind: 'conv2d', params: { padding: 'same' }, inputs: ['input'], position: { x: 24, y: 124 } },
      { id: 'relu2', kind: 'relu', params: {}, inputs: ['conv2'] },
    ])
  })
  it('carries layers to another network, where unknown inputs fall away', () => {
    const other = networkDocumentSchema.parse({ ...document, layers: [{ id: 'in', kind: 'input' }] })
    const { document: next } = done(pasteLayers(other, copyLayers(document, ['relu1', 'flatten']) ?? '', offset))
    expect(next.layers.map(({ id, inputs }) => [id, inputs])).toEqual([
      ['in', []],
      ['relu1', []],
      ['flatten', ['relu1']],
    ])
  })
  it('keeps the Input that is there', () => {
    const other = networkDocumentSchema.parse({ ...document, layers: [{ id: 'in', kind: 'input' }] })
    const { document: next } = done(pasteLayers(other, copyLayers(document, ['input', 'conv1']) ?? '', offset))
    expect(next.layers.map(({ id, inputs }) => [id, inputs])).toEqual([
      ['in', []],
      ['conv1', ['in']],
    ])
    expect(code(pasteLayers(other, copyLayers(document, ['input']) ?? '', offset))).toBe('second-input')
  })
  it('takes a block along, under a name of its own', () => {
    const grouped = done(groupLayers(document, ['conv1', 'relu1'], 'Stage')).document
    const { document: next } = done(duplicateLayers(grouped, ['conv1', 'relu1'], offset))
    expect(next.groups).toEqual([
      { id: 'block1', label: 'Stage', layers: ['conv1', 'relu1'], repeat: 1 },
      { id: 'block2', label: 'Stage', layers: ['conv2', 'relu2'], repeat: 1 },
    ])
    expect(done(duplicateLayers(grouped, ['conv1'], offset)).document.groups).toHaveLength(1)
  })
  it('refuses other text, damaged fragments and newer ones', () => {
    for (const text of ['', 'hello', '{}', '{"format":"convscope.fragment","version":1,"layers":[]}', '[1]'])
      expect(code(pasteLayers(document, text, offset))).toBe('not-a-fragment')
    expect(code(pasteLayers(document, '{"format":"convscope.fragment","version":2}', offset))).toBe('newer-fragment')
    expect(copyLayers(document, [])).toBeNull()
  })
})

describe('blocks', () => {
  it('repeat a stretch of layers', () => {
    const grouped = done(groupLayers(document, ['relu1', 'conv1'])).document
    const repeated = done(changeGroup(grouped, 'block1', { repeat: 3, label: 'Stage' })).document
    expect(repeated.groups).toEqual([{ id: 'block1', label: 'Stage', layers: ['conv1', 'relu1'], repeat: 3 }])
    expect(expandGroups(repeated).document.layers).toHaveLength(8)
    expect(done(changeGroup(repeated, 'block1', { label: '' })).document.groups?.[0]).toEqual({
      id: 'block1',
      layers: ['conv1', 'relu1'],
      repeat: 3,
    })
  })
  it('refuse a repeat that cannot be, and half of another block', () => {
    const grouped = done(groupLayers(document, ['conv1', 'relu1'])).document
    expect(code(changeGroup(grouped, 'block1', { repeat: 0 }))).toBe('repeat-range')
    expect(code(changeGroup(grouped, 'block1', { repeat: 1.5 }))).toBe('repeat-range')
    expect(code(changeGroup(grouped, 'block1', { label: 'x'.repeat(121) }))).toBe('label-too-long')
    expect(code(groupLayers(grouped, ['relu1', 'flatten']))).toBe('in-another-group')
    expect(done(groupLayers(grouped, ['conv1', 'relu1', 'flatten'])).document.groups).toHaveLength(1)
  })
  it('dissolve and leave their layers', () => {
    const grouped = done(groupLayers(document, ['conv1', 'relu1'])).document
    expect(done(ungroupLayers(grouped, ['relu1'])).document).toEqual(document)
    expect(code(ungroupLayers(document, ['relu1']))).toBe('nothing-selected')
  })
})
