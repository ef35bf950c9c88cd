import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from './analyze'
import type { NetworkDocument } from './document'
import { moveLayers, renameLayer, setParams } from './edit/change'
import { removeLayers } from './edit/remove'
import { LayerMemory } from './layer-memory'
import { parseNetwork } from './parse'

const folder = resolve(import.meta.dirname, '../../resources/templates')
const templates = readdirSync(folder).map((name) => parseNetwork(readFileSync(join(folder, name), 'utf8'), name))
const reference = parseNetwork(
  readFileSync(resolve(import.meta.dirname, '../../resources/networks/reference.json'), 'utf8'),
  'reference.json',
)

/** Each changes one thing, as a person would. */
function versionsOf(document: NetworkDocument): NetworkDocument[] {
  const versions = [document]
  const change = (next: NetworkDocument) => void versions.push(next)
  for (const { id, kind } of document.layers) {
    if (kind === 'conv2d') change(setParams(document, id, { out_channels: 7 }))
    if (kind === 'linear') change(setParams(document, id, { out_features: 0 }))
    change(moveLayers(document, new Map([[id, { x: 4, y: 8 }]])))
    const renamed = renameLayer(document, id, `${id}_new`)
    if ('document' in renamed) change(renamed.document)
    const removed = removeLayers(document, [id])
    if ('document' in removed) change(removed.document)
    change(document)
  }
  return versions
}

describe('the memory of an analysis', () => {
  it.each([reference, ...templates].map((document) => [document.name, document] as const))(
    'changes nothing of what is found out about %s and its versions',
    (_, document) => {
      const memory = new LayerMemory()
      for (const version of versionsOf(document)) {
        expect(analyzeNetwork(version, memory)).toEqual(analyzeNetwork(version))
      }
    },
  )

  it('gives the layers that an edit does not reach as they were', () => {
    const memory = new LayerMemory()
    const before = analyzeNetwork(reference, memory)
    const after = analyzeNetwork(setParams(reference, 'conv2', { out_channels: 60 }), memory)
    const anew = after.layers.filter((layer) => layer !== before.byId.get(layer.node.id))
    // The first dense layer takes more, but gives the same.
    expect(anew.map(({ node }) => node.id)).toEqual(['conv2', 'bn2', 'relu2', 'pool2', 'flatten', 'fc1'])
  })

  it('keeps copies of a block apart from the original', () => {
    const memory = new LayerMemory()
    const document = { ...reference, groups: [{ id: 'block', layers: ['relu1'], repeat: 30 }] }
    const before = analyzeNetwork(document, memory)
    const after = analyzeNetwork(setParams(document, 'fc3', { out_features: 5 }), memory)
    expect(after.byId.get('relu1')).toBe(before.byId.get('relu1'))
    expect(after.byId.get('relu1_30')?.node.id).toBe('relu1_30')
  })
})
