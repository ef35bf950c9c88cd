import { describe, expect, it } from 'vitest'
import { networkDocumentSchema, type LayerNode, type NetworkDocument } from '../document'
import { analyzeNetwork } from '../analyze'
import { addLayer, appendLayer, insertOnEdge, lastLayer } from './add'
import { clearPositions, labelLayer, moveLayers, renameLayer, renameNetwork, setParams } from './change'
import { connect, disconnect, refuseConnection, swapInputs } from './connect'
import { copyId, freshId, idStem } from './ids'
import { removeLayers } from './remove'
import type { Edited } from './result'

function layer(id: string, kind: string, inputs: string[], part: Partial<LayerNode> = {}): LayerNode {
  return { id, kind, params: {}, inputs, ...part }
}
const chain: NetworkDocument = {
  format: 'convscope.network',
  version: 1,
  name: 'chain',
  layers: [
    layer('input', 'input', []),
    layer('conv1', 'conv2d', ['input']),
    layer('relu1', 'relu', ['conv1']),
    layer('conv2', 'conv2d', ['relu1']),
    layer('flatten', 'flatten', ['conv2']),
    layer('fc1', 'linear', ['flatten']),
  ],
}
function done(edited: Edited): { document: NetworkDocument; ids: readonly string[] } {
  if ('refusal' in edited) throw new Error(`refused: ${edited.refusal.code}`)
  // Whatever an edit gives can be saved.
  expect(networkDocumentSchema.safeParse(edited.document).error).toBeUndefined()
  return edited
}
function code(edited: Edited): string | null {
  return 'refusal' in edited ? edited.refusal.code : null
}
function inputsOf(document: NetworkDocument, id: string): string[] | undefined {
  return document.layers.find((one) => one.id === id)?.inputs
}

describe('ids', () => {
  it('count on behind the highest number', () => {
    expect(freshId('conv', new Set(['conv1', 'conv7', 'convolve']))).toBe('conv8')
    expect(freshId('input', new Set())).toBe('input')
    expect(copyId('conv2', new Set(['conv2', 'conv3']))).toBe('conv4')
    expect(copyId('free', new Set(['other']))).toBe('free')
  })
  it('stay identifiers of at most 64 letters', () => {
    const long = 'x'.repeat(64)
    expect(freshId(long, new Set([long]))).toHaveLength(64)
    expect(idStem('avg_pool2d')).toBe('avg_pool')
    expect(idStem('3d-thing')).toBe('_3d_thing')
  })
})

describe('adding', () => {
  it('puts a lone layer where it was dropped', () => {
    const { document, ids } = done(addLayer(chain, 'conv2d', { x: 5, y: 7 }))
    expect(ids).toEqual(['conv3'])
    expect(document.layers.at(-1)).toEqual(layer('conv3', 'conv2d', [], { position: { x: 5, y: 7 } }))
    expect(chain.layers).toHaveLength(6)
  })
  it('appends between a layer and what took its output', () => {
    const { document, ids } = done(appendLayer(chain, 'batch_norm2d', 'conv1'))
    expect(ids).toEqual(['bn1'])
    expect([inputsOf(document, 'bn1'), inputsOf(document, 'relu1')]).toEqual([['conv1'], ['bn1']])
    expect(document.layers.map(({ id }) => id).slice(0, 4)).toEqual(['input', 'conv1', 'bn1', 'relu1'])
    expect(analyzeNetwork(document).problems).toEqual([])
  })
  it('branches without taking the output away', () => {
    const { document } = done(appendLayer(chain, 'relu', 'conv1', { branch: true }))
    expect([inputsOf(document, 'relu2'), inputsOf(document, 'relu1')]).toEqual([['conv1'], ['conv1']])
  })
  it('inserts into one edge and leaves the branch beside it', () => {
    const branched = done(appendLayer(chain, 'relu', 'conv1', { branch: true })).document
    const { document, ids } = done(insertOnEdge(branched, 'dropout', { from: 'conv1', to: 'relu1', slot: 0 }))
    expect([inputsOf(document, ids[0] ?? ''), inputsOf(document, 'relu1'), inputsOf(document, 'relu2')]).toEqual([
      ['conv1'],
      ids,
      ['conv1'],
    ])
  })
  it('refuses what cannot be', () => {
    expect(code(addLayer(chain, 'nothing', null))).toBe('unknown-kind')
    expect(code(addLayer(chain, 'input', null))).toBe('second-input')
    expect(code(appendLayer(chain, 'relu', 'gone'))).toBe('unknown-layer')
    expect(code(insertOnEdge(chain, 'relu', { from: 'input', to: 'fc1', slot: 0 }))).toBe('unknown-layer')
  })
  it('keeps a new layer in the block that it stands in', () => {
    const grouped = { ...chain, groups: [{ id: 'block1', layers: ['conv1', 'relu1'], repeat: 2 }] }
    const inside = done(appendLayer(grouped, 'batch_norm2d', 'conv1')).document
    expect(inside.groups?.[0]?.layers).toEqual(['conv1', 'bn1', 'relu1'])
    // The network goes on behind a block, which would repeat what is put into it.
    const behind = done(appendLayer(grouped, 'dropout', 'relu1')).document
    expect(behind.groups?.[0]?.layers).toEqual(['conv1', 'relu1'])
    const between = done(insertOnEdge(grouped, 'dropout', { from: 'relu1', to: 'conv2', slot: 0 })).document
    expect(between.groups?.[0]?.layers).toEqual(['conv1', 'relu1'])
  })
  it('finds the end to append to', () => {
    expect(lastLayer(chain)?.id).toBe('fc1')
  })
})

describe('connecting', () => {
  it('replaces the input of a layer that takes one', () => {
    const { document } = done(connect(chain, 'input', 'relu1'))
    expect(inputsOf(document, 'relu1')).toEqual(['input'])
  })
  it('refuses cycles, itself, the same again and layers without inputs', () => {
    expect(refuseConnection(chain, 'fc1', 'conv1')?.code).toBe('cycle')
    expect(refuseConnection(chain, 'fc1', 'fc1')?.code).toBe('self')
    expect(refuseConnection(chain, 'conv1', 'relu1')?.code).toBe('already-connected')
    expect(refuseConnection(chain, 'fc1', 'input')?.code).toBe('takes-no-input')
    expect(refuseConnection(chain, 'conv1', 'flatten')).toBeNull()
  })
  it('takes a connection away', () => {
    expect(inputsOf(done(disconnect(chain, 'relu1', 0)).document, 'relu1')).toEqual([])
    expect(code(disconnect(chain, 'relu1', 1))).toBe('unknown-layer')
  })
  it('swaps the inputs of a merge', () => {
    const merging = { ...chain, layers: [...chain.layers, layer('m', 'relu', ['conv1', 'relu1'])] }
    expect(inputsOf(done(swapInputs(merging, 'm', 0)).document, 'm')).toEqual(['relu1', 'conv1'])
    expect(code(swapInputs(merging, 'm', 1))).toBe('unknown-layer')
  })
})

describe('removing', () => {
  it('joins the neighbours of a whole stretch', () => {
    const { document, ids } = done(removeLayers(chain, ['relu1', 'conv2']))
    expect(inputsOf(document, 'flatten')).toEqual(['conv1'])
    expect(ids).toEqual(['conv1'])
  })
  it('does not let a merge take the same source twice', () => {
    const skip = { ...chain, layers: [...chain.layers, layer('add1', 'relu', ['relu1', 'conv2'])] }
    expect(inputsOf(done(removeLayers(skip, ['conv2'])).document, 'add1')).toEqual(['relu1'])
  })
  it('leaves the Input when all are chosen, and says so when that is all', () => {
    const all = done(
      removeLayers(
        chain,
        chain.layers.map(({ id }) => id),
      ),
    )
    expect(all.document.layers.map(({ id }) => id)).toEqual(['input'])
    expect(code(removeLayers(all.document, ['input']))).toBe('last-layer')
    expect(code(removeLayers(chain, ['gone']))).toBe('nothing-selected')
  })
  it('keeps editing possible on a cycle', () => {
    const cycle = {
      ...chain,
      layers: [layer('a', 'relu', ['b']), layer('b', 'relu', ['a']), layer('c', 'relu', ['b'])],
    }
    expect(inputsOf(done(removeLayers(cycle, ['a', 'b'])).document, 'c')).toEqual([])
  })
  it('takes removed layers out of their block, and the block with the last of them', () => {
    const grouped = { ...chain, groups: [{ id: 'block1', layers: ['conv1', 'relu1'], repeat: 2 }] }
    expect(done(removeLayers(grouped, ['conv1'])).document.groups?.[0]?.layers).toEqual(['relu1'])
    expect(done(removeLayers(grouped, ['conv1', 'relu1'])).document.groups).toBeUndefined()
  })
})

describe('changing', () => {
  it('moves, and is the same document when nothing moved', () => {
    const moved = moveLayers(chain, new Map([['conv1', { x: 10, y: 20 }]]))
    expect(moved.layers[1]?.position).toEqual({ x: 10, y: 20 })
    expect(moveLayers(moved, new Map([['conv1', { x: 10, y: 20 }]]))).toBe(moved)
    expect(clearPositions(moved)).toEqual(chain)
    expect(clearPositions(chain)).toBe(chain)
  })
  it('keeps a value as typed, and goes back to the default', () => {
    const typed = setParams(chain, 'conv1', { out_channels: 'many', groups: 2 })
    expect(typed.layers[1]?.params).toEqual({ out_channels: 'many', groups: 2 })
    expect(analyzeNetwork(typed).problems[0]?.code).toBe('bad-params')
    expect(setParams(typed, 'conv1', { out_channels: undefined }).layers[1]?.params).toEqual({ groups: 2 })
  })
  it('renames ids everywhere, and refuses what code could not use', () => {
    const grouped = { ...chain, groups: [{ id: 'block1', layers: ['conv1', 'relu1'], repeat: 2 }] }
    const { document, ids } = done(renameLayer(grouped, 'conv1', 'stem'))
    expect([ids, inputsOf(document, 'relu1'), document.groups?.[0]?.layers]).toEqual([
      ['stem'],
      ['stem'],
      ['stem', 'relu1'],
    ])
    expect(code(renameLayer(grouped, 'conv1', 'relu1'))).toBe('id-taken')
    expect(code(renameLayer(grouped, 'conv1', 'block1'))).toBe('id-taken')
    for (const bad of ['', '1a', 'a b', 'é', 'x'.repeat(65)])
      expect(code(renameLayer(grouped, 'conv1', bad))).toBe('id-not-identifier')
  })
  it('labels and unlabels', () => {
    const named = done(labelLayer(chain, 'conv1', ' Stem ')).document
    expect(named.layers[1]?.label).toBe('Stem')
    expect(done(labelLayer(named, 'conv1', '')).document).toEqual(chain)
    expect(code(labelLayer(chain, 'conv1', 'x'.repeat(121)))).toBe('label-too-long')
    expect(done(renameNetwork(chain, ' New ')).document.name).toBe('New')
    expect(code(renameNetwork(chain, ' '))).toBe('label-empty')
  })
})
