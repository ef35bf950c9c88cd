import { expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { generatedNetwork } from '../../testing/generated-network'
import { referenceNetwork } from '../../testing/samples'
import { mapPageLayout, mapTiles } from './map-layout'
import { mapRows } from './map-rows'

const reference = analyzeNetwork(referenceNetwork())
const idsOf = (choice: 'after' | 'pairs' | 'all') => mapRows(reference, choice).map(({ layer }) => layer.node.kind)

it('shows what leaves the activations, and the answer', () => {
  expect(idsOf('after')).toEqual(['relu', 'relu', 'relu', 'relu', 'linear'])
})

it('shows what enters an activation before what leaves it, in one block', () => {
  expect(idsOf('pairs')).toEqual([
    ...['batch_norm2d', 'relu', 'batch_norm2d', 'relu'],
    ...['linear', 'relu', 'linear', 'relu', 'linear'],
  ])
  const [before, after] = mapRows(reference, 'pairs')
  expect(before?.block).toBe(after?.block)
})

it('shows every layer but the input, if asked', () => {
  expect(idsOf('all')).toHaveLength(reference.layers.length - 1)
})

it('calls units by how much of the picture they see', () => {
  const rows = mapRows(reference, 'after')
  expect(rows.map(({ stage }) => stage)).toEqual(['edges', 'parts', 'wholes', 'wholes', 'wholes'])
  expect(rows[1]?.field.size).toEqual([8, 8])
})

it('knows the sizes of maps and of features', () => {
  const [first, , dense] = mapRows(reference, 'after')
  expect([first?.channels, first?.height, first?.width]).toEqual([25, 26, 26])
  expect([dense?.channels, dense?.height, dense?.width]).toEqual([1024, 1, 1])
})

it('leaves out what only enters a sum, but shows a network without activations', () => {
  const residual = mapRows(analyzeNetwork(generatedNetwork(40)), 'pairs').map(({ layer }) => layer.node.id)
  expect(residual).toContain('bn1a')
  expect(residual).toContain('relu1b')
  expect(residual).not.toContain('conv0')
  const whole = referenceNetwork()
  const layers = whole.layers.map((layer) => (layer.kind === 'relu' ? { ...layer, kind: 'dropout' } : layer))
  const linear = mapRows(analyzeNetwork({ ...whole, layers }), 'after').map(({ layer }) => layer.node.id)
  expect(linear).toEqual(['pool1', 'pool2', 'fc1', 'fc2', 'fc3'])
})

it('gives every activation of a long network a row, and the answer', () => {
  const long = analyzeNetwork(generatedNetwork(120))
  const rows = mapRows(long, 'after')
  expect(rows).toHaveLength(long.layers.filter(({ node }) => node.kind === 'relu').length + 1)
  expect(new Set(rows.map(({ layer }) => layer.node.id)).size).toBe(rows.length)
})

it('pages large layers, so that an answer stays small', () => {
  const [first] = mapRows(reference, 'after')
  if (!first) throw new Error('no row')
  const wide = mapPageLayout({ ...first, channels: 512, height: 112, width: 112 }, 1000, 20, 10)
  expect(wide.size).toBe(20)
  const page = mapPageLayout(first, 470, 56, 2)
  expect([page.columns, page.size]).toEqual([7, 14])
  expect(mapTiles(page, 25, 14).count).toBe(11)
})
