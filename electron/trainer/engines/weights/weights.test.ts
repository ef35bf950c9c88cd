import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { requireSound } from '../../../../shared/network/analyze'
import { parseNetwork, readNetwork } from '../../../../shared/network/parse'
import { elementCount } from '../../../../shared/network/shape'
import { checkWeights } from './check'
import { initialWeights, type Initialisation } from './initial'
import { engineShape, toEngine, toTorch } from './layout'
import { networkWeights } from './names'

const document = new URL('../../../../resources/networks/reference.json', import.meta.url)
const network = requireSound(parseNetwork(readFileSync(document, 'utf8'), 'reference.json'))

describe('initialWeights', () => {
  const bounds: [Initialisation, string, number][] = [
    ['pytorch', 'conv2.weight', 1 / Math.sqrt(225)],
    ['pytorch', 'conv2.bias', 1 / Math.sqrt(225)],
    ['pytorch', 'fc1.weight', 1 / Math.sqrt(1250)],
    ['glorot', 'conv2.weight', Math.sqrt(6 / (225 + 450))],
    ['glorot', 'fc1.weight', Math.sqrt(6 / (1250 + 1024))],
    ['he', 'conv2.weight', Math.sqrt(6 / 225)],
    ['he', 'fc1.weight', Math.sqrt(6 / 1250)],
  ]

  it.each(bounds)('%s: %s is uniform up to ±%d', (init, name, bound) => {
    const values = initialWeights(network, init, 1).get(name)?.values ?? new Float32Array()
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(largest).toBeLessThanOrEqual(Math.fround(bound))
    expect(largest).toBeGreaterThan(0.9 * bound)
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
    if (values.length > 1000) expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1)
  })

  it.each(['glorot', 'he'] as const)('%s starts biases at 0', (init) => {
    const weights = initialWeights(network, init, 1)
    for (const name of ['conv1.bias', 'fc1.bias', 'bn1.bias'])
      expect(new Set(weights.get(name)?.values)).toEqual(new Set([0]))
  })

  it('starts BatchNorm as PyTorch does', () => {
    const weights = initialWeights(network, 'pytorch', 1)
    const starts = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (name) => weights.get(`bn2.${name}`)?.values[49],
    )
    expect(starts).toEqual([1, 0, 0, 1])
  })

  it('starts every other layer as PyTorch does', () => {
    const mixed = requireSound(
      readNetwork(
        {
          format: 'convscope.network',
          version: 1,
          name: 'Test',
          layers: [
            { id: 'input', kind: 'input', params: { height: 6, width: 5, channels: 8 }, inputs: [] },
            {
              id: 'up',
              kind: 'conv_transpose2d',
              params: { out_channels: 60, kernel_size: [3, 2], groups: 2 },
              inputs: ['input'],
            },
            { id: 'sep', kind: 'separable_conv2d', params: { out_channels: 40, depth_multiplier: 3 }, inputs: ['up'] },
            { id: 'ln', kind: 'layer_norm', inputs: ['sep'] },
            { id: 'gn', kind: 'group_norm', params: { num_groups: 4 }, inputs: ['ln'] },
            { id: 'prelu', kind: 'prelu', params: { per_channel: true }, inputs: ['gn'] },
          ],
        },
        'test',
      ),
    )
    const weights = initialWeights(mixed, 'pytorch', 1)
    const largest = (name: string) => Math.max(...(weights.get(name)?.values ?? []).map(Math.abs))
    const values = (name: string) => [...new Set(weights.get(name)?.values)]
    // torch.nn.ConvTranspose2d counts its second axis, out_channels / groups, as what enters.
    for (const [name, fanIn] of [
      ['up.weight', 30 * 6],
      ['up.bias', 30 * 6],
      ['sep.depthwise.weight', 9],
      ['sep.pointwise.weight', 180],
      ['sep.pointwise.bias', 180],
    ] as const) {
      expect(largest(name), name).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(fanIn)))
      expect(largest(name), name).toBeGreaterThan(0.9 / Math.sqrt(fanIn))
    }
    expect([values('ln.weight'), values('ln.bias')]).toEqual([[1], [0]])
    expect([values('gn.weight'), values('gn.bias'), values('prelu.weight')]).toEqual([[1], [0], [0.25]])
    expect(weights.get('up.weight')?.shape).toEqual([8, 30, 3, 2])
    const [height, width] = mixed.layers[3]?.shape ?? []
    expect(weights.get('ln.weight')?.shape).toEqual([40, height, width])
  })

  it('depends on the seed and the weight, and on nothing else', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => initialWeights(network, 'pytorch', seed))
    for (const [name, { values }] of one ?? []) {
      expect(Buffer.compare(bytesOf(values), bytesOf(same?.get(name)?.values)), name).toBe(0)
    }
    expect(other?.get('conv1.weight')).not.toEqual(one?.get('conv1.weight'))
    expect(one?.get('conv1.bias')?.values[0]).not.toBe(one?.get('conv2.bias')?.values[0])
  })

  it('takes no more than two seconds for the 1.28 million values of the first dense layer', () => {
    const start = performance.now()
    initialWeights(network, 'pytorch', 3)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('layout', () => {
  it('turns OIHW into HWIO', () => {
    const [o, i, h, w] = [2, 3, 4, 5]
    const spec = { layout: 'conv', shape: [o, i, h, w] } as const
    const values = Float32Array.from({ length: o * i * h * w }, (_, index) => index)
    expect(engineShape(spec)).toEqual([h, w, i, o])
    const turned = toEngine(spec, values)
    const at = (a: number, b: number, c: number, d: number) => values[((a * i + b) * h + c) * w + d]
    expect(turned[((3 * w + 1) * i + 2) * o + 1]).toBe(at(1, 2, 3, 1))
    expect(toTorch(spec, turned)).toEqual({ shape: spec.shape, values })
  })

  it("turns a transposed convolution's IOHW into HWOI", () => {
    const [i, o, h, w] = [4, 3, 2, 5]
    const spec = { layout: 'conv_transpose', shape: [i, o, h, w] } as const
    const values = Float32Array.from({ length: i * o * h * w }, (_, index) => index)
    expect(engineShape(spec)).toEqual([h, w, o, i])
    const at = (a: number, b: number, c: number, d: number) => values[((a * o + b) * h + c) * w + d]
    expect(toEngine(spec, values)[((1 * w + 4) * o + 2) * i + 3]).toBe(at(3, 2, 1, 4))
  })

  it('turns CHW into HWC', () => {
    const [c, h, w] = [3, 2, 4]
    const spec = { layout: 'image', shape: [c, h, w] } as const
    const values = Float32Array.from({ length: c * h * w }, (_, index) => index)
    expect(engineShape(spec)).toEqual([h, w, c])
    expect(toEngine(spec, values)[(1 * w + 3) * c + 2]).toBe(values[(2 * h + 1) * w + 3])
  })

  it('transposes dense weights', () => {
    const spec = { layout: 'linear', shape: [2, 3] } as const
    const values = Float32Array.of(1, 2, 3, 4, 5, 6)
    expect([...toEngine(spec, values)]).toEqual([1, 4, 2, 5, 3, 6])
    expect(toTorch(spec, toEngine(spec, values)).values).toEqual(values)
  })

  it.each([
    { layout: 'conv', shape: [1, 3, 2, 2] },
    { layout: 'conv', shape: [4, 1, 1, 1] },
    { layout: 'conv', shape: [4, 3, 1, 1] },
    { layout: 'linear', shape: [1, 5] },
    { layout: 'vector', shape: [5] },
    { layout: 'conv_transpose', shape: [4, 3, 2, 5] },
    { layout: 'image', shape: [3, 2, 4] },
    { layout: 'image', shape: [1, 2, 4] },
  ] as const)('comes back from $layout $shape, as a copy', (spec) => {
    const values = Float32Array.from({ length: elementCount(spec.shape) }, (_, index) => index + 1)
    const turned = toEngine(spec, values)
    expect(turned.buffer).not.toBe(values.buffer)
    expect(toTorch(spec, turned).values).toEqual(values)
  })
})

describe('checkWeights', () => {
  const weights = initialWeights(network, 'pytorch', 1)

  it('names weights as PyTorch does, and passes the whole set', () => {
    const names = networkWeights(network).map((weight) => weight.name)
    expect(names.slice(0, 6)).toEqual([
      'conv1.weight',
      'conv1.bias',
      'bn1.weight',
      'bn1.bias',
      'bn1.running_mean',
      'bn1.running_var',
    ])
    expect([...checkWeights(network, weights).keys()]).toEqual(names)
  })

  it("leaves out PyTorch's count of batches", () => {
    const counted = new Map([...weights, ['bn1.num_batches_tracked', { shape: [], values: new Float32Array(1) }]])
    expect(checkWeights(network, counted).has('bn1.num_batches_tracked')).toBe(false)
  })

  it('names what is missing, misshaped and unknown', () => {
    const wrong = new Map(weights)
    wrong.delete('fc3.bias')
    wrong.set('conv1.weight', { shape: [25, 3, 3, 3], values: new Float32Array(675) })
    wrong.set('conv9.weight', { shape: [], values: new Float32Array(1) })
    expect(() => checkWeights(network, wrong)).toThrow(
      'The weights do not fit the network: "conv1.weight" is 25 × 3 × 3 × 3 in place of 25 × 1 × 3 × 3; "fc3.bias" is missing; "conv9.weight" belongs to no layer.',
    )
  })

  it('does not list hundreds of names', () => {
    expect(() => checkWeights(network, new Map())).toThrow(/and 13 more\.$/)
  })
})

/** vitest compares a million values one by one, which takes seconds. */
function bytesOf(values: Float32Array = new Float32Array()): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
