import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from './analyze'
import type { LayerNode, NetworkDocument } from './document'
import { networkWarnings } from './warnings'
import { warningCodes, type WarningOptions } from './warnings/rule'

type Step = readonly [kind: string, params?: LayerNode['params'], inputs?: readonly string[]]

/** A chain on 16 × 16 × 4 pictures; ids are the kind and the place. */
function network(...steps: Step[]): NetworkDocument {
  const layers: LayerNode[] = [
    { id: 'input', kind: 'input', params: { height: 16, width: 16, channels: 4 }, inputs: [] },
  ]
  for (const [kind, params = {}, inputs] of steps) {
    layers.push({ id: `${kind}_${layers.length}`, kind, params, inputs: [...(inputs ?? [layers.at(-1)?.id ?? ''])] })
  }
  return { format: 'convscope.network', version: 1, name: 'Test', layers }
}

function warningsOf(document: NetworkDocument, options: Partial<WarningOptions> = {}) {
  const analysis = analyzeNetwork(document)
  expect(analysis.problems).toEqual([])
  return networkWarnings(analysis, options)
}
function codesOf(document: NetworkDocument, options: Partial<WarningOptions> = {}): string[] {
  return warningsOf(document, options).map(({ code, layerId }) => `${code}: ${layerId}`)
}

const conv: Step = ['conv2d', { kernel_size: 3, padding: 1 }]
const relu: Step = ['relu']
const pool: Step = ['global_avg_pool']
const fc: Step = ['linear']

describe('networkWarnings', () => {
  it('has nothing to say against a sensible network', () => {
    const bare: Step = ['conv2d', { kernel_size: 17, padding: 8, bias: false, out_channels: 4 }]
    const sensible = network(['zero_pad2d'], bare, ['batch_norm2d'], relu, pool, fc)
    expect(codesOf(sensible)).toEqual([])
  })

  // Each rule: a network that it speaks of, with the numbers, and one that is nearly the same.
  it.each<[code: string, layerId: string, wrong: NetworkDocument, right: NetworkDocument, params?: object]>([
    [
      'no-activation',
      'conv2d_2',
      network(conv, conv, relu, pool),
      network(conv, relu, conv, relu, pool),
      { from: 'conv2d_1', to: 'conv2d_2' },
    ],
    [
      'no-activation',
      'linear_4',
      network(conv, ['flatten'], ['dropout'], fc),
      network(conv, relu, ['flatten'], ['dropout'], fc),
    ],
    [
      'no-activation',
      'conv2d_3',
      network(conv, ['batch_norm2d'], conv),
      network(['conv2d', { groups: 4 }], ['batch_norm2d'], conv),
    ],
    [
      'bias-before-norm',
      'conv2d_1',
      network(conv, ['batch_norm2d'], relu),
      network(['conv2d', { bias: false }], ['batch_norm2d'], relu),
      { count: 16, norm: 'batch_norm2d_2' },
    ],
    [
      'dropout-before-norm',
      'dropout2d_2',
      network(conv, ['dropout2d'], ['conv2d'], ['batch_norm2d']),
      network(conv, ['conv2d'], ['batch_norm2d'], ['dropout2d']),
    ],
    [
      'norm-single-value',
      'group_norm_2',
      network(['adaptive_avg_pool2d'], ['group_norm', { num_groups: 4 }]),
      network(['adaptive_avg_pool2d'], ['group_norm', { num_groups: 2 }]),
    ],
    ['no-weights', 'relu_1', network(relu), network(relu, conv)],
    ['no-effect', 'dropout_1', network(['dropout', { p: 0 }], conv), network(['dropout', { p: 0.1 }], conv)],
    [
      'no-effect',
      'max_pool2d_1',
      network(['max_pool2d', { kernel_size: 1, stride: 1 }], conv),
      network(['max_pool2d'], conv),
    ],
    ['doubled-activation', 'relu_3', network(conv, relu, relu, pool, fc), network(conv, relu, ['tanh'], pool, fc)],
    [
      'receptive-field',
      'conv2d_1',
      network(conv, relu),
      network(['conv2d', { kernel_size: 16 }], relu),
      { field: '3 × 3', picture: '16 × 16' },
    ],
    [
      'large-dense',
      'linear_4',
      network(conv, relu, ['flatten'], ['linear', { out_features: 100 }]),
      network(conv, relu, pool, ['linear', { out_features: 10 }]),
      { count: 409700, share: 100 },
    ],
    [
      'pool-drops',
      'max_pool2d_1',
      network(['max_pool2d', { kernel_size: 3, stride: 3 }], conv),
      network(['max_pool2d', { kernel_size: 3, stride: 3, ceil_mode: true }], conv),
      { rows: 1, columns: 1 },
    ],
    [
      'stride-skips',
      'conv2d_1',
      network(['conv2d', { stride: 4 }]),
      network(['conv2d', { stride: 3 }]),
      { stride: '4 × 4', kernel: '3 × 3' },
    ],
    [
      'kernel-beyond-picture',
      'conv2d_1',
      network(['conv2d', { kernel_size: [17, 3], padding: 2 }]),
      network(['conv2d', { kernel_size: 16, padding: 2 }]),
      { kernel: '17 × 3' },
    ],
  ])('%s: %s', (code, layerId, wrong, right, params = {}) => {
    const found = warningsOf(wrong).find((warning) => warning.code === code)
    expect(found).toMatchObject({ code, layerId, params })
    for (const value of Object.values(params)) expect(found?.message).toContain(String(value))
    expect(warningsOf(right).map((warning) => warning.code)).not.toContain(code)
  })

  it('knows what the loss expects', () => {
    const softmax = network(conv, pool, fc, ['softmax'])
    expect(codesOf(softmax)).toContain('softmax-before-loss: softmax_4')
    expect(codesOf(softmax, { loss: 'mse' })).not.toContain('softmax-before-loss: softmax_4')
    expect(codesOf(network(conv, pool, fc, relu))).toContain('bounded-logits: relu_4')
  })

  it('asks for more than one value per BatchNorm channel', () => {
    const single = network(['adaptive_avg_pool2d'], ['batch_norm2d'])
    expect(codesOf(single, { batchSize: 1 })).toContain('norm-single-value: batch_norm2d_2')
    expect(codesOf(single, { batchSize: 2 })).not.toContain('norm-single-value: batch_norm2d_2')
  })

  it('finds deep plain networks, and lets skip connections and normalisation pass', () => {
    const deep = Array.from({ length: 15 }, () => [conv, relu]).flat()
    expect(codesOf(network(...deep))).toContain('deep-and-plain: conv2d_29')
    expect(codesOf(network(...deep.slice(2)))).not.toContain('deep-and-plain: conv2d_27')
    expect(codesOf(network(conv, ['batch_norm2d'], relu, ...deep))).toHaveLength(2)
  })

  it('lets the projection of a skip connection stride', () => {
    const main: Step = ['conv2d', { kernel_size: 3, padding: 1, stride: 2 }]
    const skip: Step = ['conv2d', { kernel_size: 1, stride: 2 }, ['input']]
    const document = network(main, skip, ['add', {}, ['conv2d_1', 'conv2d_2']])
    expect(codesOf(document).filter((code) => code.startsWith('stride-skips'))).toEqual([])
    expect(codesOf(network(skip))).toContain('stride-skips: conv2d_1')
  })

  it('looks at a network with problems as far as it goes, and finds what is not used', () => {
    const document = network(conv, relu, ['tanh', {}, ['input']])
    const found = networkWarnings(analyzeNetwork(document)).map(({ code, layerId }) => `${code}: ${layerId}`)
    expect(found).toContain('unused-layer: tanh_3')
  })

  it('speaks once of a group that repeats, by the document’s own layer', () => {
    const document = {
      ...network(['conv2d', { out_channels: 4, padding: 1 }], relu, pool),
      groups: [{ id: 'g', layers: ['conv2d_1'], repeat: 4 }],
    }
    const found = codesOf(document).filter((code) => code.startsWith('no-activation'))
    expect(found).toEqual(['no-activation: conv2d_1'])
  })

  it('puts warnings before hints', () => {
    const levels = warningsOf(network(conv, ['batch_norm2d'], conv, relu)).map(({ level }) => level)
    expect(levels).toEqual([...levels].sort().reverse())
    expect(new Set(levels).size).toBe(2)
    expect(new Set(warningCodes).size).toBe(warningCodes.length)
  })
})
