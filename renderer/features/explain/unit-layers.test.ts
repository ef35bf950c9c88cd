import { expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { referenceNetwork } from '../../testing/samples'
import { firstLook, unitLayers } from './unit-layers'

const layers = unitLayers(analyzeNetwork(referenceNetwork()))

it('lists what has units of its own, with their number', () => {
  expect(layers.map((layer) => layer.id)).not.toContain('flatten')
  expect(layers.map((layer) => layer.id)).not.toContain('input')
  expect(layers.find((layer) => layer.id === 'conv1')).toMatchObject({ channels: 25, isMap: true, isOutput: false })
  expect(layers.at(-1)).toEqual({ id: 'fc3', channels: 10, isMap: false, isOutput: true })
})

it('begins with the last maps', () => {
  expect(firstLook(layers)?.id).toBe('pool2')
  expect(firstLook([])).toBeNull()
})
