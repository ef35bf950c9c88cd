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

function network(...layers: Omit<LayerNode, 'inputs'>[]): Program {
  const input = { id: 'input', kind: 'input', params: { height: 9, width: 8, channels: 3 }, inputs: [] }
  const chained = layers.map((layer, at) => ({ ...layer, inputs: [layers[at - 1]?.id ?? 'input'] }))
  const head = { format: networkFormat, version: networkVersion, name: 'test' } as const
  return recordProgram(requireSound({ ...head, layers: [input, ...chained] }))
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
})
