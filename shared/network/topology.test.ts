import { describe, expect, it } from 'vitest'
import type { LayerNode, NetworkDocument } from './document'
import { topologicalOrder } from './topology'

/** `a<b,c` is a layer `a` with the inputs `b` and `c`. */
function orderOf(...layers: string[]) {
  const nodes = layers.map((text): LayerNode => {
    const [id = '', inputs = ''] = text.split('<')
    return { id, kind: 'relu', params: {}, inputs: inputs ? inputs.split(',') : [] }
  })
  const document: NetworkDocument = { format: 'convscope.network', version: 1, name: 'Test', layers: nodes }
  const { order, problems } = topologicalOrder(document)
  return { order: order.map((node) => node.id), problems: problems.map(({ layerId, code }) => `${layerId}: ${code}`) }
}

describe('topologicalOrder', () => {
  it('puts inputs first and keeps the document order among equals', () => {
    expect(orderOf('d<b,c', 'b<a', 'c<a', 'a')).toEqual({ order: ['a', 'b', 'c', 'd'], problems: [] })
  })

  it('lets one layer enter another twice', () => {
    expect(orderOf('a', 'b<a,a').order).toEqual(['a', 'b'])
  })

  it('leaves out a cycle and what hangs on it, and reports only the cycle', () => {
    expect(orderOf('a', 'b<a,d', 'c<b', 'd<c', 'e<d')).toEqual({
      order: ['a'],
      problems: ['b: cycle', 'c: cycle', 'd: cycle'],
    })
  })

  it('finds a layer that is its own input', () => {
    expect(orderOf('a<a')).toEqual({ order: [], problems: ['a: cycle'] })
  })

  it('leaves out what hangs on an unknown layer', () => {
    expect(orderOf('a', 'b<gone', 'c<b')).toEqual({ order: ['a'], problems: ['b: unknown-input'] })
  })

  it('keeps the first of two layers with one id', () => {
    expect(orderOf('a', 'a<a')).toEqual({ order: ['a'], problems: ['a: doubled-id'] })
  })

  it('takes long chains in reasonable time', () => {
    const chain = Array.from({ length: 2000 }, (_, i) => (i ? `l${i}<l${i - 1}` : 'l0'))
    expect(orderOf(...chain).order.length).toBe(2000)
  })
})
