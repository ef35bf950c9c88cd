import { beforeAll, describe, expect, it } from 'vitest'
import { requireSound } from '../../../../shared/network/analyze'
import { readNetwork } from '../../../../shared/network/parse'
import type { NamedTensors } from '../../../../shared/formats/tensors'
import { createRandom } from '../../../../shared/training/random'
import type { CompiledNetwork, Engine } from '../engine'
import { initialWeights } from '../weights/initial'
import { createTensorflowEngine } from './engine'

interface Node {
  readonly id: string
  readonly kind: string
  readonly params?: object
  readonly inputs: readonly string[]
}

const picture = [7, 6, 3] as const
const count = 4
const indices = Int32Array.from({ length: count }, (_, index) => index)
const seed = [3, 5] as const

const data = {
  count,
  shape: picture,
  images: Uint8Array.from({ length: count * 7 * 6 * 3 }, (_, i) => (i * 89 + (i % 7) * 31) % 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
}

/** A layer between two that learn, so that both its own gradients and those that pass through it are seen. */
function around(kind: string, params: object): Node[] {
  return [
    { id: 'first', kind: 'conv2d', params: { out_channels: 4, kernel_size: 3, padding: [1, 1] }, inputs: ['input'] },
    { id: 'layer', kind, params, inputs: ['first'] },
    { id: 'flat', kind: 'flatten', inputs: ['layer'] },
    { id: 'last', kind: 'linear', params: { out_features: 3 }, inputs: ['flat'] },
  ]
}

/** The same on a flat input. */
function flatAround(kind: string, params: object): Node[] {
  return [
    { id: 'flat', kind: 'flatten', inputs: ['input'] },
    { id: 'first', kind: 'linear', params: { out_features: 12 }, inputs: ['flat'] },
    { id: 'layer', kind, params, inputs: ['first'] },
    { id: 'relaid', kind: 'flatten', inputs: ['layer'] },
    { id: 'last', kind: 'linear', params: { out_features: 3 }, inputs: ['relaid'] },
  ]
}

const first = { id: 'first', kind: 'conv2d', params: { out_channels: 4, kernel_size: 1 }, inputs: ['input'] }
const last = [
  { id: 'flat', kind: 'flatten', inputs: ['joined'] },
  { id: 'last', kind: 'linear', params: { out_features: 3 }, inputs: ['flat'] },
]

const cases: readonly (readonly [name: string, nodes: readonly Node[]])[] = [
  ['conv_transpose2d', around('conv_transpose2d', { out_channels: 3 })],
  [
    'conv_transpose2d, every parameter',
    around('conv_transpose2d', {
      ...{ out_channels: 6, kernel_size: [3, 2], stride: [3, 2], padding: [2, 1], output_padding: [1, 1] },
      ...{ dilation: [2, 3], groups: 2 },
    }),
  ],
  [
    'conv_transpose2d, more output padding than padding',
    around('conv_transpose2d', {
      kernel_size: 1,
      stride: [2, 1],
      padding: [0, 1],
      output_padding: [1, 2],
      dilation: 3,
    }),
  ],
  [
    'conv_transpose2d to one channel, strides per axis',
    around('conv_transpose2d', { out_channels: 1, stride: [1, 3] }),
  ],
  ['conv2d of single channels, strides per axis', around('conv2d', { out_channels: 8, groups: 4, stride: [2, 1] })],
  ['separable_conv2d', around('separable_conv2d', { padding: 'same', depth_multiplier: 2, dilation: [2, 1] })],
  ['separable_conv2d, strides per axis', around('separable_conv2d', { stride: [2, 1], padding: [1, 0] })],
  ['layer_norm', around('layer_norm', {})],
  ['layer_norm without weights', around('layer_norm', { elementwise_affine: false })],
  ['layer_norm of features', flatAround('layer_norm', { bias: false })],
  ['group_norm', around('group_norm', { num_groups: 2 })],
  ['group_norm of single channels', around('group_norm', { num_groups: 4, affine: false })],
  ['leaky_relu', around('leaky_relu', { negative_slope: 0.3 })],
  ['prelu', around('prelu', {})],
  ['prelu per channel', around('prelu', { per_channel: true })],
  ['prelu per feature', flatAround('prelu', { per_channel: true })],
  ['elu', around('elu', { alpha: 1.7 })],
  ['gelu', around('gelu', {})],
  ['gelu by tanh', around('gelu', { approximate: 'tanh' })],
  ['silu', around('silu', {})],
  ['sigmoid', around('sigmoid', {})],
  ['tanh', around('tanh', {})],
  ['softmax', around('softmax', {})],
  ['softmax of features', flatAround('softmax', {})],
  ['max_pool2d rounding up', around('max_pool2d', { kernel_size: [3, 2], stride: [2, 4], ceil_mode: true })],
  [
    'max_pool2d with everything',
    around('max_pool2d', { kernel_size: [2, 3], stride: 2, padding: 1, dilation: 2, ceil_mode: true }),
  ],
  ['avg_pool2d', around('avg_pool2d', {})],
  ['avg_pool2d rounding up', around('avg_pool2d', { kernel_size: 3, padding: 1, ceil_mode: true })],
  [
    'avg_pool2d without counting',
    around('avg_pool2d', { kernel_size: [3, 4], stride: [2, 1], padding: [1, 2], count_include_pad: false }),
  ],
  ['adaptive_avg_pool2d', around('adaptive_avg_pool2d', { output_size: [3, 4] })],
  ['adaptive_avg_pool2d to more', around('adaptive_avg_pool2d', { output_size: [9, 2] })],
  ['adaptive_avg_pool2d to one', around('adaptive_avg_pool2d', {})],
  ['global_avg_pool', around('global_avg_pool', {})],
  ['reshape', around('reshape', { shape: [3, -1, 8] })],
  ['reshape to a picture', flatAround('reshape', { shape: [2, 3, 2] })],
  ['dropout', around('dropout', {})],
  ['dropout2d', around('dropout2d', {})],
  ['upsample', around('upsample', { scale_factor: [2, 3] })],
  ['upsample to a size', around('upsample', { size: [10, 5] })],
  ['upsample bilinearly', around('upsample', { size: [10, 5], mode: 'bilinear' })],
  ['upsample with aligned corners', around('upsample', { mode: 'bilinear', align_corners: true })],
  ['zero_pad2d', around('zero_pad2d', { left: 1, right: 0, top: 2, bottom: 3 })],
  [
    'add, of one value several times',
    [
      first,
      { id: 'bent', kind: 'tanh', inputs: ['first'] },
      { id: 'joined', kind: 'add', inputs: ['bent', 'first', 'bent'] },
      ...last,
    ],
  ],
  [
    'add, of channels that were padded and others',
    [
      first,
      { id: 'conv', kind: 'conv2d', params: { out_channels: 5, kernel_size: 1 }, inputs: ['first'] },
      { id: 'norm', kind: 'batch_norm2d', inputs: ['conv'] },
      { id: 'other', kind: 'conv2d', params: { out_channels: 5, kernel_size: 1 }, inputs: ['first'] },
      { id: 'joined', kind: 'add', inputs: ['norm', 'other'] },
      ...last,
    ],
  ],
  [
    'concatenate',
    [
      first,
      { id: 'norm', kind: 'batch_norm2d', inputs: ['first'] },
      { id: 'bent', kind: 'silu', inputs: ['norm'] },
      { id: 'joined', kind: 'concatenate', inputs: ['bent', 'input', 'first'] },
      ...last,
    ],
  ],
  [
    'multiply',
    [
      first,
      { id: 'bent', kind: 'tanh', inputs: ['first'] },
      { id: 'joined', kind: 'multiply', inputs: ['bent', 'first'] },
      ...last,
    ],
  ],
  [
    'multiply by a factor per channel',
    [
      first,
      { id: 'squeezed', kind: 'global_avg_pool', inputs: ['first'] },
      { id: 'excited', kind: 'linear', params: { out_features: 4 }, inputs: ['squeezed'] },
      { id: 'gate', kind: 'sigmoid', inputs: ['excited'] },
      { id: 'joined', kind: 'multiply', inputs: ['gate', 'first'] },
      ...last,
    ],
  ],
]

/** Everything that the optimizer changes, moved by `by` along `direction`. */
function moved(weights: NamedTensors, direction: NamedTensors, by: number): NamedTensors {
  return new Map(
    [...weights].map(([name, { shape, values }]) => {
      const along = direction.get(name)?.values
      return [name, { shape, values: values.map((value, index) => value + by * (along?.[index] ?? 0)) }]
    }),
  )
}

function lossAt(network: CompiledNetwork, weights: NamedTensors): number {
  network.setWeights(weights)
  return network.gradients({ indices, seed }).loss
}

describe('gradients agree with finite differences', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createTensorflowEngine()
  })

  it.each(cases)('%s', async (_name, nodes) => {
    const input = { id: 'input', kind: 'input', params: { height: 7, width: 6, channels: 3 }, inputs: [] }
    const document = { format: 'convscope.network', version: 1, name: 'Test', layers: [input, ...nodes] }
    const network = requireSound(readNetwork(document, 'test'))
    const optimizer = { type: 'sgd', weight_decay: 0 } as const
    const compiled = await engine.compile({ network, loss: { type: 'mse' }, optimizer, data })
    const weights = initialWeights(network, 'he', 11)
    compiled.setWeights(weights)
    const { gradients } = compiled.gradients({ indices, seed })
    const trained = network.layers.flatMap((layer) =>
      layer.weights.filter((weight) => weight.trainable).map((weight) => `${layer.node.id}.${weight.name}`),
    )
    expect([...gradients.keys()].sort()).toEqual(trained.sort())
    for (const [name, { shape, values }] of gradients) {
      const random = createRandom(5, name)
      const along = { shape, values: Float32Array.from(values, (value) => Math.sign(value) * (0.5 + random.uniform())) }
      const expected = values.reduce((sum, value, index) => sum + value * (along.values[index] ?? 0), 0)
      // Small, because a value that crosses a kink of its activation on the way is an error.
      const step = 0.003 / Math.sqrt(values.length)
      const direction = new Map([[name, along]])
      const [above, below] = [step, -step].map((by) => lossAt(compiled, moved(weights, direction, by)))
      const found = ((above ?? NaN) - (below ?? NaN)) / (2 * step)
      const error = Math.abs(found - expected)
      expect(error, `${name}: ${found} by differences`).toBeLessThan(0.02 * Math.abs(expected) + 2e-3)
    }
    compiled.dispose()
  })
})
