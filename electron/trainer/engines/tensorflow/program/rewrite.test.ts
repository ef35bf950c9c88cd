import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { requireSound } from '../../../../../shared/network/analyze'
import { networkFormat, networkVersion, type LayerNode } from '../../../../../shared/network/document'
import { parseNetwork } from '../../../../../shared/network/parse'
import { weightsOf, type Mode, type Program } from './program'
import { recordProgram } from './record'
import { optimizeProgram } from './rewrite'

function reference(): Program {
  const text = readFileSync('resources/networks/reference.json', 'utf8')
  return recordProgram(requireSound(parseNetwork(text, 'reference.json')))
}

/** A chain, but for the layers that name their inputs. */
function network(...layers: (Omit<LayerNode, 'inputs'> & { inputs?: string[] })[]): Program {
  const input = { id: 'input', kind: 'input', params: { height: 9, width: 8, channels: 3 }, inputs: [] }
  const chained = layers.map((layer, at) => ({ inputs: [layers[at - 1]?.id ?? 'input'], ...layer }))
  const whole = [input, ...chained]
  return recordProgram(requireSound({ format: networkFormat, version: networkVersion, name: 'test', layers: whole }))
}

function computed(program: Program, mode: Mode): string[] {
  const { steps } = optimizeProgram(program, mode)
  return steps.map(({ operation }) => operation.op).filter((op) => op !== 'weight' && op !== 'input')
}

describe('the training program of the reference network', () => {
  it('folds the first BatchNorm into its convolution, pools first, and keeps the second BatchNorm', () => {
    expect(computed(reference(), 'train')).toEqual([
      ...['foldBatchNorm', 'foldedKernel', 'foldedShift', 'conv2d', 'maxPool', 'biasAdd', 'relu'],
      ...['conv2d', 'batchNorm', 'maxPool', 'relu', 'flatten'],
      ...['matMul', 'biasAdd', 'relu', 'matMul', 'biasAdd', 'relu', 'matMul', 'biasAdd'],
    ])
  })

  it('keeps the rows of the first dense matrix in the order of the picture', () => {
    const weights = weightsOf(optimizeProgram(reference(), 'train'))
    expect(weights.filter(({ rowsOf }) => rowsOf).map(({ name, rowsOf }) => [name, rowsOf])).toEqual([
      ['fc1.weight', [5, 5, 50]],
    ])
  })
})

describe('the evaluation program', () => {
  it('has no BatchNorm left after a convolution', () => {
    expect(computed(reference(), 'evaluate')).not.toContain('batchNorm')
  })

  it('asks for the same weights as training does', () => {
    const names = (mode: Mode) =>
      weightsOf(optimizeProgram(reference(), mode)).map(({ name, rowsOf }) => [name, rowsOf])
    expect(names('evaluate')).toEqual(names('train'))
  })
})

describe('what must stay', () => {
  it('adds a bias that something else than BatchNorm reads', () => {
    const plain = network({ id: 'conv', kind: 'conv2d', params: {} }, { id: 'relu', kind: 'relu', params: {} })
    expect(computed(plain, 'train')).toEqual(['conv2d', 'biasAdd', 'relu'])
  })

  it('does not fold in training where a window holds as many values as there are channels', () => {
    const narrow = network(
      { id: 'conv', kind: 'conv2d', params: { out_channels: 27 } },
      { id: 'norm', kind: 'batch_norm2d', params: {} },
    )
    expect(computed(narrow, 'train')).toEqual(['conv2d', 'batchNorm'])
    expect(computed(narrow, 'evaluate')).toContain('foldBatchNorm')
  })

  it('transposes where something after the flatten sees the order of values', () => {
    const shown = network({ id: 'flatten', kind: 'flatten', params: {} }, { id: 'relu', kind: 'relu', params: {} })
    const { steps } = optimizeProgram(shown, 'train')
    expect(steps.find(({ operation }) => operation.op === 'flatten')?.operation).toEqual({
      op: 'flatten',
      native: false,
    })
  })

  it('does not pool before an activation that falls, or that another layer reads', () => {
    const falling = network({ id: 'silu', kind: 'silu', params: {} }, { id: 'pool', kind: 'max_pool2d', params: {} })
    expect(computed(falling, 'train')).toEqual(['silu', 'maxPool'])
    const read = network(
      { id: 'relu', kind: 'relu', params: {} },
      { id: 'one', kind: 'max_pool2d', params: {} },
      { id: 'two', kind: 'max_pool2d', params: {}, inputs: ['relu'] },
      { id: 'sum', kind: 'add', params: {}, inputs: ['one', 'two'] },
    )
    expect(computed(read, 'train')).toEqual(['relu', 'maxPool', 'maxPool', 'add'])
  })

  it('keeps what a skip connection reads beside BatchNorm', () => {
    const skipped = network(
      { id: 'conv', kind: 'conv2d', params: { out_channels: 40 } },
      { id: 'norm', kind: 'batch_norm2d', params: {} },
      { id: 'sum', kind: 'add', params: {}, inputs: ['conv', 'norm'] },
    )
    for (const mode of ['train', 'evaluate'] as const) {
      expect(computed(skipped, mode)).toEqual(['conv2d', 'biasAdd', 'batchNorm', 'add'])
    }
  })

  it('transposes where a flat value meets another on its way to a dense layer', () => {
    const met = network(
      { id: 'flatten', kind: 'flatten', params: {} },
      { id: 'bent', kind: 'tanh', params: {} },
      { id: 'sum', kind: 'add', params: {}, inputs: ['flatten', 'bent'] },
      { id: 'dense', kind: 'linear', params: {} },
    )
    expect(weightsOf(optimizeProgram(met, 'train')).every(({ rowsOf }) => rowsOf === null)).toBe(true)
  })
})

describe('what may change places', () => {
  it.each(['relu', 'leaky_relu', 'elu', 'sigmoid', 'tanh'])('pools before %s, which never falls', (kind) => {
    const rising = network({ id: 'act', kind, params: {} }, { id: 'pool', kind: 'max_pool2d', params: {} })
    expect(computed(rising, 'train')[0]).toBe('maxPool')
  })

  it('keeps the order of the picture through what changes value by value', () => {
    const chain = network(
      { id: 'flatten', kind: 'flatten', params: {} },
      { id: 'drop', kind: 'dropout', params: {} },
      { id: 'bent', kind: 'gelu', params: {} },
      { id: 'dense', kind: 'linear', params: {} },
    )
    expect(weightsOf(optimizeProgram(chain, 'train'))[0]?.rowsOf).toEqual([9, 8, 3])
  })
})
