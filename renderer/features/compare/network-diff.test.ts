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

const changesOf = (before: NetworkDocument, after: NetworkDocument) => networkDiff(side(before), side(after)).changes

it('tells added, removed and changed layers, each changed value with both sides', () => {
  const before = network([input, conv, relu])
  const after = network([
    input,
    { ...conv, params: { out_channels: 8, padding: 1 } },
    { id: 'pool', kind: 'max_pool2d', inputs: ['conv'] },
  ])
  expect(changesOf(before, after)).toEqual([
    {
      type: 'changed',
      before: 'conv',
      after: 'conv',
      values: [
        { name: 'out_channels', before: '4', after: '8' },
        { name: 'padding', before: '0 × 0', after: '1 × 1' },
      ],
    },
    { type: 'added', before: null, after: 'pool', values: [] },
    { type: 'removed', before: 'relu', after: null, values: [] },
  ])
})

it('finds nothing in defaults that are written out, in other names, nor in other places on the canvas', () => {
  const before = network([input, conv])
  const after = network([input, { ...conv, params: { out_channels: 4, stride: 1 }, position: { x: 5, y: 5 } }])
  expect(changesOf(before, after)).toEqual([])
  const named = network([
    { ...input, id: 'x' },
    { ...conv, id: 'features', inputs: ['x'] },
  ])
  expect(changesOf(before, named)).toEqual([])
})

it('finds another kind, other inputs and other repeats', () => {
  const wide = { ...conv, params: { out_channels: 1, padding: 1 } }
  const before = network([input, wide, relu], { groups: [{ id: 'g', layers: ['conv'], repeat: 2 }] })
  const after = network([input, wide, { id: 'relu', kind: 'sigmoid', inputs: ['input'] }])
  expect(changesOf(before, after).map(({ after: id, values }) => [id, values.map(({ name }) => name)])).toEqual([
    ['conv', ['repeat']],
    ['relu', ['kind', 'inputs']],
  ])
})

it('tells a removed layer where it stood', () => {
  const end = { id: 'end', kind: 'sigmoid', inputs: ['relu'] }
  const before = network([input, conv, relu, end])
  const after = network([input, conv, { ...end, kind: 'tanh', inputs: ['conv'] }])
  const changes = changesOf(before, after)
  expect(changes.map(({ type }) => type)).toEqual(['removed', 'changed'])
  // What enters it is another layer only because that one is gone.
  expect(changes[1]?.values.map(({ name }) => name)).toEqual(['kind'])
  expect(changesOf(after, before).map(({ type }) => type)).toEqual(['added', 'changed'])
})

it('says of two kinds only what both have', () => {
  const before = network([input, { id: 'pool', kind: 'max_pool2d', inputs: ['input'] }])
  const after = network([input, { id: 'pool', kind: 'avg_pool2d', inputs: ['input'] }])
  expect(changesOf(before, after)[0]?.values).toEqual([{ name: 'kind', before: 'max_pool2d', after: 'avg_pool2d' }])
})
