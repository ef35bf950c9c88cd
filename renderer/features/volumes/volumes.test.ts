import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { networkDocumentSchema, type NetworkDocument } from '../../../shared/network/document'
import { referenceNetwork } from '../../testing/samples'
import {
  isExtreme,
  neurons,
  oblique,
  placeAt,
  sightLines,
  volumeScene,
  windowInto,
  windowIntoPicture,
  type VolumeBox,
  type VolumeScene,
} from './volumes'

function cifar(params: Record<string, unknown>): NetworkDocument {
  return networkDocumentSchema.parse({
    format: 'convscope.network',
    version: 1,
    name: 'CIFAR',
    layers: [
      { id: 'input', kind: 'input', params: { height: 32, width: 32, channels: 3 } },
      { id: 'conv', kind: 'conv2d', params: { out_channels: 5, kernel_size: [3, 3], ...params }, inputs: ['input'] },
      { id: 'relu', kind: 'relu', inputs: ['conv'] },
      { id: 'pool', kind: 'max_pool2d', params: { kernel_size: [2, 2] }, inputs: ['relu'] },
    ],
  })
}

function scene(document: NetworkDocument): VolumeScene {
  return volumeScene(analyzeNetwork(document), 'linear')
}

function box(of: VolumeScene, id: string): VolumeBox {
  const found = of.boxes.find((one) => one.id === id)
  if (!found) throw new Error(`no box ${id}`)
  return found
}

describe('volumeScene', () => {
  it('draws 32 × 32 × 3 and 32 × 32 × 5 to one scale', () => {
    const of = scene(cifar({ padding: [1, 1] }))
    expect(of.boxes.map(({ id }) => id)).toEqual(['input', 'conv', 'pool'])
    const [input, conv, pool] = [box(of, 'input'), box(of, 'conv'), box(of, 'pool')]
    expect(conv.height).toBe(input.height)
    expect(conv.depth / input.depth).toBeCloseTo(5 / 3)
    expect(input.depth / input.height).toBeCloseTo(3 / 32)
    expect(pool.height / conv.height).toBeCloseTo(1 / 2)
    expect(of.sources.get('pool')).toEqual([conv])
  })

  it('lets no box touch the next', () => {
    const { boxes } = scene(referenceNetwork())
    boxes.slice(1).forEach((next, index) => {
      const before = boxes[index]!
      expect(next.x - next.width * oblique.left).toBeGreaterThan(before.x + before.depth)
    })
  })

  it('has room for the words under the last box', () => {
    const { boxes, width } = scene(cifar({ padding: [1, 1] }))
    const [last] = boxes.slice(-1)
    expect(width - (last?.x ?? 0)).toBeGreaterThan('16 × 16 × 5'.length * 6)
  })

  it('knows where a true scale shows nothing', () => {
    expect(isExtreme(analyzeNetwork(referenceNetwork()))).toBe(true)
    expect(isExtreme(analyzeNetwork(cifar({})))).toBe(false)
  })
})

describe('windowInto', () => {
  it.each([
    ['without padding', {}, 4, 7, { top: 4, bottom: 6, left: 7, right: 9 }],
    ['cut at the padding', { padding: [1, 1] }, 0, 31, { top: 0, bottom: 1, left: 30, right: 31 }],
    ['with stride', { stride: [2, 2] }, 4, 3, { top: 8, bottom: 10, left: 6, right: 8 }],
    ['with dilation', { dilation: [3, 3] }, 1, 2, { top: 1, bottom: 7, left: 2, right: 8 }],
  ])('is the kernel’s window %s', (_how, params, row, column, expected) => {
    const of = scene(cifar(params))
    expect(windowInto(box(of, 'conv'), box(of, 'input'), row, column)).toEqual(expected)
  })

  it('is everything for a dense layer', () => {
    const of = scene(referenceNetwork())
    expect(windowInto(box(of, 'fc1'), box(of, 'pool2'), 0, 0)).toEqual({ top: 0, bottom: 4, left: 0, right: 4 })
  })

  it('adds up to the receptive field in the picture', () => {
    const of = scene(cifar({ padding: [1, 1] }))
    const field = of.fields.get('pool')!
    // Two neighbouring 3 × 3 windows: 4 × 4 pixels, from the padding on.
    expect(windowIntoPicture(field, box(of, 'input'), 3, 0)).toEqual({ top: 5, bottom: 8, left: 0, right: 2 })
  })
})

describe('neurons', () => {
  const own = { top: 4, bottom: 4, left: 7, right: 7 }
  it('stand along the depth, one a channel', () => {
    const conv = box(scene(cifar({ padding: [1, 1] })), 'conv')
    expect(neurons(conv, own).match(/M /g)).toHaveLength(4)
  })
  it('are not drawn where they would be a blur', () => {
    const conv = box(scene(cifar({ padding: [1, 1], out_channels: 500 })), 'conv')
    expect(conv.channels).toBe(500)
    expect(neurons({ ...conv, depth: 1000 }, own)).toBe('')
  })
})

describe('sightLines', () => {
  it('go from the four corners of the window to the one column', () => {
    const of = scene(cifar({ padding: [1, 1] }))
    const [input, conv] = [box(of, 'input'), box(of, 'conv')]
    const own = { top: 4, bottom: 4, left: 7, right: 7 }
    const lines = sightLines(input, windowInto(conv, input, 4, 7), conv, own)
      .split('M ')
      .slice(1)
    const [starts, ends] = [0, 1].map((part) => lines.map((line) => line.split(' L ')[part]?.trim()))
    expect([new Set(starts).size, new Set(ends).size]).toEqual([4, 1])
    const [x = 0, y = 0] = (ends?.[0] ?? '').split(',').map(Number)
    expect(placeAt(conv, x - conv.x, y - conv.y)).toEqual({ row: 4, column: 7 })
  })
})

describe('placeAt', () => {
  it('finds the four corners of the face', () => {
    const input = box(scene(cifar({})), 'input')
    const back = { x: -input.width * oblique.left, y: -input.width * oblique.up }
    const inside = 0.5
    expect(placeAt(input, -inside, inside)).toEqual({ row: 0, column: 31 })
    expect(placeAt(input, -inside, input.height - inside)).toEqual({ row: 31, column: 31 })
    expect(placeAt(input, back.x + inside, back.y + inside)).toEqual({ row: 0, column: 0 })
    expect(placeAt(input, back.x + inside, back.y + input.height)).toEqual({ row: 31, column: 0 })
  })
})
