import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import { setParams } from '../../../shared/network/edit/change'
import { LayerMemory } from '../../../shared/network/layer-memory'
import { referenceNetwork } from '../../testing/samples'
import { lookDrawer } from './edge-looks'
import { edgesOf, outputEdgeOf } from './edge-routes'
import { cardDrawer, type Mark } from './layer-cards'

/** Draws one version of a design after the other, as the canvas does. */
function canvas() {
  const [memory, drawCards, drawLooks] = [new LayerMemory(), cardDrawer(), lookDrawer()]
  return function draw(document: NetworkDocument, marks = new Map<string, Mark>(), edgeMarks = marks) {
    const analysis = analyzeNetwork(document, memory)
    const cards = drawCards(document, analysis, marks)
    const output = outputEdgeOf(document)
    const edges = [...edgesOf(document.layers), ...(output ? [output] : [])]
    return { cards, looks: drawLooks(edges, { document, analysis, cards, marks: edgeMarks }) }
  }
}

describe('what the canvas shows', () => {
  it('says what flows, and colours data, results and faults', () => {
    const edgeMarks = new Map<string, Mark>([['bn1>relu1', { severity: 'error', text: 'does not fit' }]])
    const { looks } = canvas()(referenceNetwork(), new Map(), edgeMarks)
    expect(looks.get('input>conv1:0')).toEqual({ shape: '28 × 28 × 1', tone: 'data', problem: '' })
    expect(looks.get('conv1>bn1:0')).toEqual({ shape: '26 × 26 × 25', tone: 'inner', problem: '' })
    expect(looks.get('bn1>relu1:0')).toMatchObject({ tone: 'error', problem: 'does not fit' })
    expect(looks.get('fc3>#output')).toMatchObject({ shape: '10', tone: 'result' })
  })

  it('draws anew only what an edit changes', () => {
    const draw = canvas()
    const document = referenceNetwork()
    const before = draw(document)
    const after = draw(setParams(document, 'conv2', { out_channels: 60 }))
    const changed = (old: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>) =>
      [...now.keys()].filter((id) => old.get(id) !== now.get(id))
    // ReLU and pooling say nothing of their channels; on the edges they do.
    expect(changed(before.cards, after.cards)).toEqual(['conv2', 'bn2', 'relu2', 'pool2', 'flatten', 'fc1'])
    expect(changed(before.looks, after.looks)).toEqual([
      'conv2>bn2:0',
      'bn2>relu2:0',
      'relu2>pool2:0',
      'pool2>flatten:0',
      'flatten>fc1:0',
    ])
  })

  it('marks a layer, and unmarks it', () => {
    const draw = canvas()
    const document = referenceNetwork()
    const plain = draw(document).cards.get('relu1')
    const marked = draw(document, new Map([['relu1', { severity: 'warning', text: 'twice' }]])).cards.get('relu1')
    expect(marked).toMatchObject({ severity: 'warning', problem: 'twice' })
    expect(draw(document).cards.get('relu1')).toEqual(plain)
  })

  it('gives the shape of the last copy where a repeated block is left, and of the first inside of it', () => {
    const document: NetworkDocument = {
      ...referenceNetwork(),
      groups: [{ id: 'block', layers: ['conv1', 'bn1'], repeat: 3 }],
    }
    const { looks } = canvas()(document)
    expect(looks.get('conv1>bn1:0')?.shape).toBe('26 × 26 × 25')
    expect(looks.get('bn1>relu1:0')?.shape).toBe('22 × 22 × 25')
  })
})
