import { describe, expect, it } from 'vitest'
import { moveLayers } from '../../../shared/network/edit/change'
import { referenceNetwork } from '../../testing/samples'
import { generatedNetwork } from '../../testing/generated-network'
import { routeEdges } from './edge-routes'
import { nodeHeight, nodeWidth, outputNodeId, rankGap } from './graph-layout'
import { clearOf, isAutomatic, makeRoom, nextFree, placesOf, structureKey } from './places'
import { walk } from './walk'

const network = referenceNetwork()

describe('places', () => {
  it('are laid out while nobody moved a layer, and kept once somebody did', () => {
    expect(isAutomatic(network)).toBe(true)
    const laidOut = placesOf(network, 900, 700)
    expect(laidOut.size).toBe(16)
    const moved = moveLayers(network, new Map([['fc3', { x: 600, y: 40 }]]))
    const places = placesOf(moved, 900, 700)
    expect([isAutomatic(moved), places.get('fc3'), places.get(outputNodeId)]).toEqual([
      false,
      { x: 600, y: 40 },
      { x: 600, y: 40 + nodeHeight + rankGap },
    ])
  })
  it('do not depend on parameters', () => {
    const typed = { ...network, layers: network.layers.map((layer) => ({ ...layer, params: {} })) }
    expect(structureKey(typed)).toBe(structureKey(network))
  })
  it('never cover each other', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: nodeWidth + 28, y: 0 }],
    ])
    expect(nextFree(places, { x: 0, y: 4 })).toEqual({ x: 2 * (nodeWidth + 28), y: 4 })
  })
  it('put copies beside everything, in the arrangement of the originals', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 300, y: 100 }],
    ])
    const copies = clearOf(
      places,
      new Map([
        ['a2', { x: 24, y: 24 }],
        ['b2', { x: 324, y: 124 }],
      ]),
    )
    const [first, second] = [...copies.values()]
    expect([(second?.x ?? 0) - (first?.x ?? 0), first?.y, second?.y]).toEqual([300, 24, 124])
    for (const place of [...copies.values()])
      for (const other of [...places.values()])
        expect(Math.abs(place.x - other.x) >= nodeWidth || Math.abs(place.y - other.y) >= nodeHeight).toBe(true)
    expect(clearOf(places, new Map([['c', { x: 0, y: 900 }]]))).toEqual(new Map([['c', { x: 0, y: 900 }]]))
  })
  it('make room for a layer between two', () => {
    const row = nodeHeight + rankGap
    const [from, to] = [
      { x: 0, y: 0 },
      { x: 0, y: row },
    ]
    const places = new Map([
      ['a', from],
      ['b', to],
      ['c', { x: 0, y: 2 * row }],
      ['beside', { x: 400, y: 2 * row }],
    ])
    const room = makeRoom(places, from, to)
    expect([room.position, [...room.moved]]).toEqual([
      { x: 0, y: row },
      [
        ['b', { x: 0, y: 2 * row }],
        ['c', { x: 0, y: 3 * row }],
      ],
    ])
  })
})

describe('routes', () => {
  it('lead a skip connection past the layers that it skips', () => {
    const places = new Map(['a', 'b', 'c'].map((id, i) => [id, { x: 0, y: i * 80 }]))
    const edges = [
      { id: 'ab', from: 'a', to: 'b', slot: 0 },
      { id: 'ac', from: 'a', to: 'c', slot: 0 },
    ]
    const routes = routeEdges(edges, places)
    expect(routes.get('ab')?.lane).toBeNull()
    expect(routes.get('ac')?.lane).toBeGreaterThan(nodeWidth)
  })
})

describe('walking with the arrow keys', () => {
  it('follows the connections down and up, and goes sideways to what stands there', () => {
    const places = placesOf(network, 900, 700)
    expect(walk(network, places, 'conv1', 'down')).toBe('bn1')
    expect(walk(network, places, 'bn1', 'up')).toBe('conv1')
    const right = walk(network, places, 'conv1', 'right')
    expect(places.get(right ?? '')?.x).toBeGreaterThan(places.get('conv1')?.x ?? Infinity)
    expect(walk(network, places, 'input', 'up')).toBeNull()
  })
  it('reaches every layer of a large network downwards', () => {
    const big = generatedNetwork(200)
    const places = placesOf(big, 1600, 900)
    let at: string | null = 'input'
    for (let steps = 0; at !== 'fc2'; steps++) {
      if (at === null || steps > big.layers.length) throw new Error(`lost at step ${steps}`)
      at = walk(big, places, at, 'down')
    }
  })
})
