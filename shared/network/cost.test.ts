import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from './analyze'
import { networkCost } from './cost'
import type { LayerNode, NetworkDocument } from './document'
import { parseNetwork } from './parse'
import { receptiveFields } from './receptive-field'

const reference = new URL('../../resources/networks/reference.json', import.meta.url)

function network(...layers: LayerNode[]): NetworkDocument {
  const input = { id: 'input', kind: 'input', params: { height: 32, width: 40, channels: 2 }, inputs: [] }
  return { format: 'convscope.network', version: 1, name: 'Test', layers: [input, ...layers] }
}
function layer(id: string, kind: string, inputs: string[], params: LayerNode['params'] = {}): LayerNode {
  return { id, kind, inputs, params }
}
function fieldsOf(document: NetworkDocument) {
  const analysis = analyzeNetwork(document)
  expect(analysis.problems).toEqual([])
  return receptiveFields(analysis)
}

describe('receptiveFields', () => {
  it('adds up windows and strides', () => {
    const fields = fieldsOf(parseNetwork(readFileSync(reference, 'utf8'), 'reference.json'))
    expect(fields.get('conv1')).toMatchObject({ size: [3, 3], jump: [1, 1], offset: [0, 0] })
    expect(fields.get('pool1')).toMatchObject({ size: [4, 4], jump: [2, 2] })
    expect(fields.get('conv2')).toMatchObject({ size: [8, 8], jump: [2, 2] })
    expect(fields.get('pool2')).toMatchObject({ size: [10, 10], jump: [4, 4], whole: false })
    expect(fields.get('fc1')).toEqual({ size: [28, 28], jump: [0, 0], offset: [0, 0], whole: true })
  })

  it('begins in the padding, and differs per axis', () => {
    const fields = fieldsOf(
      network(
        layer('a', 'conv2d', ['input'], { kernel_size: [3, 5], padding: [1, 2], stride: [2, 1], dilation: [2, 1] }),
        layer('b', 'conv2d', ['a'], { kernel_size: 3, padding: 1 }),
      ),
    )
    expect(fields.get('a')).toMatchObject({ size: [5, 5], jump: [2, 1], offset: [-1, -2] })
    expect(fields.get('b')).toMatchObject({ size: [9, 7], jump: [2, 1], offset: [-3, -3] })
  })

  it('is the union of the branches that meet, also where one starts higher and the other ends lower', () => {
    const fields = fieldsOf(
      network(
        layer('up', 'conv2d', ['input'], { kernel_size: [3, 1], padding: [1, 0] }),
        layer('down', 'conv2d', ['input'], { kernel_size: [1, 5], padding: [0, 2] }),
        layer('sum', 'add', ['up', 'down']),
      ),
    )
    expect(fields.get('sum')).toMatchObject({ size: [3, 5], offset: [-1, -2] })
  })

  it('equals what really changes an output', () => {
    // By brute force: windows as index sets, followed back from one output in the middle.
    const [first, second] = [
      { kernel: 3, stride: 2, dilation: 2, padding: 1 },
      { kernel: 4, stride: 3, dilation: 1, padding: 2 },
    ]
    function inputsOf(outputs: number[], { kernel, stride, dilation, padding }: typeof first): number[] {
      return outputs.flatMap((i) => Array.from({ length: kernel }, (_, k) => i * stride - padding + k * dilation))
    }
    const pixels = inputsOf(inputsOf([2], second), first)
    const [low, high] = [Math.min(...pixels), Math.max(...pixels)]
    function conv(id: string, from: string, { kernel, ...rest }: typeof first): LayerNode {
      return layer(id, 'conv2d', [from], { kernel_size: kernel, ...rest })
    }
    const field = fieldsOf(network(conv('a', 'input', first), conv('b', 'a', second))).get('b')
    expect(field?.size[0]).toBe(high - low + 1)
    expect((field?.offset[0] ?? 0) + 2 * (field?.jump[0] ?? 0)).toBe(low)
  })
})

describe('networkCost', () => {
  it('sums parameters, multiply-adds and activations', () => {
    const analysis = analyzeNetwork(parseNetwork(readFileSync(reference, 'utf8'), 'reference.json'))
    const cost = networkCost(analysis)
    expect(cost.layers.get('conv1')).toMatchObject({
      parameters: 25 * 9 + 25,
      multiplyAdds: 26 * 26 * 25 * 9,
      activationBytes: 26 * 26 * 25 * 4,
    })
    expect(cost.parameters).toBe(analysis.parameterCount)
    const values = [784, ...Array<number>(3).fill(26 * 26 * 25), 13 * 13 * 25, ...Array<number>(3).fill(11 * 11 * 50)]
    const flat = [5 * 5 * 50, 1250, 1024, 1024, 128, 128, 10]
    expect(cost.activationBytes).toBe(4 * [...values, ...flat].reduce((sum, count) => sum + count, 0))
  })

  it('counts repeated groups as often as they run', () => {
    const conv = layer('a', 'conv2d', ['input'], { out_channels: 2, padding: 1, bias: false })
    const document = { ...network(conv), groups: [{ id: 'g', layers: ['a'], repeat: 3 }] }
    const cost = networkCost(analyzeNetwork(document))
    expect(cost.parameters).toBe(3 * 36)
    expect(cost.layers.get('a_3')?.receptiveField.size).toEqual([7, 7])
  })
})
