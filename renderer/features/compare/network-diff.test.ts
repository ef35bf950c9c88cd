import { expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { networkDocumentSchema, type NetworkDocument } from '../../../shared/network/document'
import { networkDiff } from './network-diff'

function network(layers: readonly object[], rest: object = {}): NetworkDocument {
  return networkDocumentSchema.parse({ format: 'convscope.network', version: 1, name: 'n', layers, ...rest })
}
const side = (document: NetworkDocument) => ({ document, analysis: analyzeNetwork(document) })
const input = { id: 'input', kind: 'input', params: { height: 8, width: 8, channels: 1 } }
const conv = { id: 'conv', kind: 'conv2d', params: { out_channels: 4 }, inputs: ['input'] }
const relu = { id: 'relu', kind: 'relu', inputs: ['conv'] }

it('tells added, removed and changed layers, each changed value with both sides', () => {
  const before = network([input, conv, relu])
  const after = network([
    input,
    { ...conv, params: { out_channels: 8, padding: 1 } },
    { id: 'pool', kind: 'max_pool2d', inputs: ['conv'] },
  ])
  expect(networkDiff(side(before), side(after))).toEqual([
    {
      id: 'conv',
      type: 'changed',
      values: [
        { name: 'out_channels', before: '4', after: '8' },
        { name: 'padding', before: '0 × 0', after: '1 × 1' },
      ],
    },
    { id: 'pool', type: 'added', values: [] },
    { id: 'relu', type: 'removed', values: [] },
  ])
})

it('finds nothing in defaults that are written out, nor in other places on the canvas', () => {
  const before = network([input, conv])
  const after = network([input, { ...conv, params: { out_channels: 4, stride: 1 }, position: { x: 5, y: 5 } }])
  expect(networkDiff(side(before), side(after))).toEqual([])
})

it('finds another kind, other inputs and other repeats', () => {
  const wide = { ...conv, params: { out_channels: 1, padding: 1 } }
  const before = network([input, wide, relu], { groups: [{ id: 'g', layers: ['conv'], repeat: 2 }] })
  const after = network([input, wide, { id: 'relu', kind: 'sigmoid', inputs: ['input'] }])
  expect(networkDiff(side(before), side(after)).map(({ id, values }) => [id, values.map(({ name }) => name)])).toEqual([
    ['conv', ['repeat']],
    ['relu', ['kind', 'inputs']],
  ])
})
