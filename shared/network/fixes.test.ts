import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from './analyze'
import type { LayerNode, NetworkDocument } from './document'
import { fitProblems } from './fit'
import type { Fix } from './fix-candidates'
import { applyFix, fixesFor } from './fixes'

function layer(id: string, kind: string, inputs: string[], params: LayerNode['params'] = {}): LayerNode {
  return { id, kind, inputs, params }
}
function network(...layers: LayerNode[]): NetworkDocument {
  return { format: 'convscope.network', version: 1, name: 'Test', layers }
}
const input = layer('input', 'input', [], { height: 8, width: 8, channels: 6 })

/** The fixes of the first problem, and what is left of it and of others after each. */
function mended(document: NetworkDocument) {
  const [problem] = analyzeNetwork(document).problems
  if (!problem) throw new Error('nothing is wrong')
  return { problem, fixes: fixesFor(document, problem) }
}
function after(document: NetworkDocument, fix: Fix | undefined) {
  if (!fix) throw new Error('there is no such fix')
  return analyzeNetwork(applyFix(document, fix))
}

const conv = (id: string, from: string, params: LayerNode['params'] = {}) =>
  layer(id, 'conv2d', [from], { out_channels: 6, padding: 1, ...params })

/** Each: what is wrong, and the fixes offered in their order. */
const cases: Record<string, { document: NetworkDocument; codes: string[] }> = {
  'a picture into Linear': {
    document: network(input, layer('fc', 'linear', ['input'])),
    codes: ['insert-flatten', 'insert-global-pool', 'remove-layer'],
  },
  'a flat input into Conv2d': {
    document: network(input, layer('flat', 'flatten', ['input']), conv('c', 'flat')),
    codes: ['remove-layer', 'insert-reshape', 'remove-layer'],
  },
  'a kernel that is too large': {
    document: network(input, conv('c', 'input', { kernel_size: [11, 3], padding: 0 })),
    codes: ['set-padding', 'set-kernel', 'remove-layer'],
  },
  'a pooling window that is too large': {
    document: network(input, layer('p', 'max_pool2d', ['input'], { kernel_size: 9, stride: 9 })),
    codes: ['set-padding', 'set-kernel', 'remove-layer'],
  },
  'too much padding of a pooling': {
    document: network(input, layer('p', 'max_pool2d', ['input'], { kernel_size: 2, padding: 2 })),
    codes: ['set-padding', 'remove-layer'],
  },
  'same padding with stride': {
    document: network(input, conv('c', 'input', { padding: 'same', stride: 2, kernel_size: 5 })),
    codes: ['set-padding', 'set-stride', 'remove-layer'],
  },
  'groups that do not divide': {
    document: network(input, conv('c', 'input', { groups: 4, out_channels: 12 })),
    codes: ['set-groups', 'remove-layer'],
  },
  'output channels that groups do not divide': {
    document: network(input, conv('c', 'input', { groups: 3, out_channels: 10 })),
    codes: ['set-groups', 'set-channels', 'remove-layer'],
  },
  'GroupNorm groups that do not divide': {
    document: network(input, layer('n', 'group_norm', ['input'], { num_groups: 4 })),
    codes: ['set-groups', 'remove-layer'],
  },
  'a skip connection with other channels': {
    document: network(input, conv('c', 'input', { out_channels: 9, stride: 2 }), layer('sum', 'add', ['c', 'input'])),
    codes: ['insert-conv', 'remove-layer'],
  },
  'a concatenation of other sizes': {
    document: network(input, conv('c', 'input', { stride: 2 }), layer('cat', 'concatenate', ['c', 'input'])),
    codes: ['insert-resize', 'insert-resize', 'remove-layer'],
  },
  'flat values of other sizes': {
    document: network(
      input,
      layer('flat', 'global_avg_pool', ['input']),
      layer('fc', 'linear', ['flat'], { out_features: 4 }),
      layer('sum', 'add', ['flat', 'fc']),
    ),
    codes: ['insert-linear', 'insert-linear', 'remove-layer'],
  },
  'a reshape of another count': {
    document: network(input, layer('r', 'reshape', ['input'], { shape: [7] })),
    codes: ['reset-params', 'remove-layer'],
  },
  'wrong and unknown parameters': {
    document: network(input, conv('c', 'input', { stride: 0, colour: 'red' })),
    codes: ['reset-params'],
  },
  'an unknown kind': { document: network(input, layer('x', 'conv9d', ['input'])), codes: ['remove-layer'] },
  'an input too many': {
    document: network(input, conv('c', 'input'), layer('x', 'relu', ['c', 'input'])),
    codes: ['disconnect'],
  },
  'a missing input': { document: network(input, layer('x', 'relu', [])), codes: ['connect'] },
  'an input that does not exist': {
    document: network(input, layer('x', 'add', ['input', 'input', 'gone'])),
    codes: ['disconnect', 'remove-layer'],
  },
  'a cycle': {
    document: network(
      input,
      layer('sum', 'add', ['input', 'a', 'b']),
      layer('a', 'relu', ['sum']),
      layer('b', 'relu', ['input']),
    ),
    codes: ['disconnect'],
  },
  'an id used twice': {
    document: network(input, layer('a', 'relu', ['input']), layer('a', 'tanh', ['input'])),
    codes: ['rename'],
  },
  'two Inputs': {
    document: network(input, layer('second', 'input', []), layer('sum', 'add', ['input', 'second'])),
    codes: ['remove-layer'],
  },
  'two outputs': {
    document: network(input, layer('a', 'relu', ['input']), layer('b', 'relu', ['input'])),
    codes: ['remove-layer'],
  },
  'a group that cannot repeat': {
    document: { ...network(input, conv('c', 'input')), groups: [{ id: 'g', layers: ['input', 'c'], repeat: 2 }] },
    codes: ['no-repeat'],
  },
  'a group with a layer that does not exist': {
    document: { ...network(input, conv('c', 'input')), groups: [{ id: 'g', layers: ['gone', 'c'], repeat: 2 }] },
    codes: ['drop-missing'],
  },
}

describe('fixesFor', () => {
  it.each(Object.entries(cases))('%s', (_, { document, codes }) => {
    const before = structuredClone(document)
    const { problem, fixes } = mended(document)
    expect(fixes.map(({ code }) => code)).toEqual(codes)
    for (const fix of fixes) {
      const left = after(document, fix).problems.map(({ code, layerId }) => `${layerId} ${code}`)
      expect(left, fix.code).not.toContain(`${problem.layerId} ${problem.code}`)
    }
    expect(document).toEqual(before)
  })

  it.each(Object.entries(cases).filter(([name]) => !['two outputs', 'an unknown kind', 'a cycle'].includes(name)))(
    'leaves a whole network after the first fix: %s',
    (_, { document }) => {
      const analysis = after(document, mended(document).fixes[0])
      const [next] = analysis.problems
      // Where two things were wrong, the second one has a fix of its own.
      const last = next ? after(analysis.document, fixesFor(analysis.document, next)[0]) : analysis
      expect(last.problems.map(({ message }) => message)).toEqual([])
    },
  )

  it('adds an Input where there is none', () => {
    const document = network(layer('a', 'relu', []))
    const problem = analyzeNetwork(document).problems.find(({ code }) => code === 'one-input')
    const [fix] = problem ? fixesFor(document, problem) : []
    expect(after(document, fix).problems).toEqual([])
  })

  it('connects a loose output to a layer that lacks an input', () => {
    const document = network(input, layer('a', 'relu', ['input']), layer('sum', 'add', ['input']))
    const problem = analyzeNetwork(document).problems.find(({ code }) => code === 'one-output')
    const fixes = problem ? fixesFor({ ...document }, problem) : []
    expect(problem).toBeDefined()
    expect(fixes.map(({ code }) => code)).toContain('remove-layer')
    const missing = analyzeNetwork(document).problems.find(({ code }) => code === 'wrong-arity')
    const [connect] = missing ? fixesFor(document, missing) : []
    expect(connect).toMatchObject({ code: 'connect', params: { from: 'a', to: 'sum' } })
    expect(after(document, connect).problems).toEqual([])
  })

  it('matches the channels of a skip connection with a 1 × 1 convolution of the right stride', () => {
    const { document } = cases['a skip connection with other channels'] ?? { document: network(input) }
    const { problem, fixes } = mended(document)
    expect(problem).toMatchObject({
      fromId: 'input',
      params: { from: 'input', fromShape: '8 × 8 × 6', other: 'c', otherShape: '4 × 4 × 9' },
    })
    const { byId, output } = after(document, fixes[0])
    expect(output?.shape).toEqual([4, 4, 9])
    const added = [...byId.values()].find(({ node }) => node.id !== 'c' && node.kind === 'conv2d')
    expect(added?.node.params).toMatchObject({ out_channels: 9, kernel_size: [1, 1], stride: [2, 2] })
  })

  it('pads the convolutions that a skip connection leads past, and leaves those before it', () => {
    const bare = { padding: 0 }
    const document = network(
      input,
      conv('stem', 'input', bare),
      conv('c1', 'stem', bare),
      layer('bn', 'batch_norm2d', ['c1']),
      conv('c2', 'bn', { ...bare, kernel_size: [3, 1] }),
      layer('sum', 'add', ['c2', 'stem']),
    )
    const { fixes } = mended(document)
    expect(fixes[0]).toMatchObject({ code: 'keep-size', params: { layers: 'c1, c2' } })
    const { problems, output } = after(document, fixes[0])
    expect([problems, output?.shape]).toEqual([[], [6, 6, 6]])
  })

  it('matches channels as well where a skip connection leads past convolutions of more of them', () => {
    const document = network(
      input,
      layer('stem', 'relu', ['input']),
      conv('c1', 'stem', { padding: 0, out_channels: 9 }),
      conv('c2', 'c1', { out_channels: 9 }),
      layer('sum', 'add', ['c2', 'stem']),
    )
    const { fixes } = mended(document)
    expect(fixes.map(({ code }) => code)).toEqual(['keep-size-match', 'insert-conv-resize', 'remove-layer'])
    const shapes = fixes.slice(0, 2).map((fix) => {
      const { problems, output } = after(document, fix)
      return [problems, output?.shape]
    })
    expect(shapes).toEqual([
      [[], [8, 8, 9]],
      [[], [6, 6, 9]],
    ])
  })

  it('takes the projection of a skip connection into the block that repeats', () => {
    const document: NetworkDocument = {
      ...network(
        input,
        conv('c', 'input'),
        conv('skip', 'input', { kernel_size: 1, padding: 0 }),
        layer('sum', 'add', ['c', 'skip']),
      ),
      groups: [{ id: 'g', layers: ['c', 'sum'], repeat: 2 }],
    }
    const { problem, fixes } = mended(document)
    expect(problem.code).toBe('group-entries')
    expect(fixes.map(({ code }) => code)).toEqual(['extend-group', 'no-repeat'])
    const { problems, layers } = after(document, fixes[0])
    expect([problems, layers.length]).toEqual([[], 7])
  })

  it('sets the input and the last Linear to what a data set asks for', () => {
    const document = network(
      input,
      layer('flat', 'flatten', ['input']),
      layer('fc', 'linear', ['flat'], { out_features: 7 }),
      layer('relu', 'relu', ['fc']),
    )
    const data = { title: 'CIFAR-10', shape: [32, 32, 3], classes: 10 }
    const problems = fitProblems(analyzeNetwork(document), data)
    expect(problems.map(({ code, layerId }) => [code, layerId])).toEqual([
      ['input-size', 'input'],
      ['class-count', 'relu'],
    ])
    const fixed = problems.reduce((at, problem) => {
      const [fix] = fixesFor(at, problem)
      expect(fix?.code).toBe(problem.code === 'input-size' ? 'set-input-size' : 'set-outputs')
      return fix ? applyFix(at, fix) : at
    }, document)
    expect(fitProblems(analyzeNetwork(fixed), data)).toEqual([])
  })

  it('puts a classifier behind a network that ends in a picture', () => {
    const document = network(input, conv('c', 'input'))
    const data = { title: 'X', shape: [8, 8, 6], classes: 3 }
    const [problem] = fitProblems(analyzeNetwork(document), data)
    const [fix] = problem ? fixesFor(document, problem) : []
    expect(fix?.code).toBe('append-classifier')
    expect(after(document, fix).output?.shape).toEqual([3])
  })

  it('offers nothing for a layer that is gone, and leaves the document where a fix no longer fits', () => {
    const document = network(input, layer('fc', 'linear', ['input']))
    const { problem, fixes } = mended(document)
    expect(fixesFor(network(input), problem)).toEqual([])
    const [fix] = fixes
    if (fix) expect(applyFix(network(input), fix)).toEqual(network(input))
  })
})
