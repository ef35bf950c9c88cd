import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analyzeNetwork } from '../network/analyze'
import { parseNetwork } from '../network/parse'
import { defaultGradCamLayer, gradCamLayers } from './grad-cam-layers'

const reference = new URL('../../resources/networks/reference.json', import.meta.url)
const { layers } = analyzeNetwork(parseNetwork(readFileSync(reference, 'utf8'), 'reference.json'))

it('Grad-CAM weighs layers with a height and a width', () => {
  const names = gradCamLayers(layers).map(({ node }) => node.id)
  expect(names).toEqual(['conv1', 'bn1', 'relu1', 'pool1', 'conv2', 'bn2', 'relu2', 'pool2'])
})

it('Grad-CAM begins with the last maps before pooling', () => {
  expect(defaultGradCamLayer(layers)?.node.id).toBe('relu2')
  expect(defaultGradCamLayer(layers.filter(({ kind }) => kind.category === 'pooling'))?.node.id).toBe('pool2')
  expect(defaultGradCamLayer(layers.slice(-1))).toBeNull()
})
