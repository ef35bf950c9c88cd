import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork, requireSound } from './analyze'
import { requireFit } from './fit'
import type { LayerNode, NetworkDocument } from './document'
import { parseNetwork, readNetwork } from './parse'

const reference = new URL('../../resources/networks/reference.json', import.meta.url)

function layer(id: string, kind: string, inputs: string[], params: LayerNode['params'] = {}): LayerNode {
  return { id, kind, inputs, params }
}

function network(...layers: LayerNode[]): NetworkDocument {
  return { format: 'convscope.network', version: 1, name: 'Test', layers }
}

const input = layer('input', 'input', [], { height: 6, width: 6, channels: 2 })

describe('the reference network', () => {
  const sound = requireSound(parseNetwork(readFileSync(reference, 'utf8'), 'reference.json'))

  it('has the shapes of the design', () => {
    expect(sound.byId.get('pool1')?.shape).toEqual([13, 13, 25])
    expect(sound.byId.get('pool2')?.shape).toEqual([5, 5, 50])
    expect(sound.byId.get('flatten')?.shape).toEqual([1250])
    expect(sound.output.shape).toEqual([10])
    expect(sound.input.node.id).toBe('input')
  })

  it('counts what it learns and multiplies', () => {
    const dense = 1250 * 1024 + 1024 + 1024 * 128 + 128 + 128 * 10 + 10
    expect(sound.parameterCount).toBe(25 * 9 + 25 + 2 * 25 + 50 * 25 * 9 + 50 + 2 * 50 + dense)
    expect(sound.byId.get('conv1')?.multiplyAdds).toBe(26 * 26 * 25 * 9)
    expect(sound.byId.get('conv2')?.multiplyAdds).toBe(11 * 11 * 50 * 25 * 9)
    expect(sound.byId.get('fc1')?.multiplyAdds).toBe(1250 * 1024)
  })

  it('fits MNIST and says what does not', () => {
    expect(() => requireFit(sound, { title: 'MNIST', shape: [28, 28, 1], classes: 10 })).not.toThrow()
    expect(() => requireFit(sound, { title: 'CIFAR-10', shape: [32, 32, 3], classes: 10 })).toThrow(
      /"input" takes 28 × 28 × 1, but pictures of CIFAR-10 are 32 × 32 × 3/,
    )
    expect(() => requireFit(sound, { title: 'EMNIST', shape: [28, 28, 1], classes: 26 })).toThrow(/"fc3" gives 10.*26/)
  })
})

describe('problems', () => {
  const cases: Record<string, { document: NetworkDocument; found: [string, string][] }> = {
    'an unknown kind': {
      document: network(input, layer('x', 'conv9d', ['input'])),
      found: [['unknown-kind', 'x']],
    },
    'wrong parameters': {
      document: network(input, layer('x', 'conv2d', ['input'], { stride: 0 })),
      found: [['bad-params', 'x']],
    },
    'too many inputs': {
      document: network(input, layer('a', 'relu', ['input']), layer('x', 'relu', ['input', 'a'])),
      found: [['wrong-arity', 'x']],
    },
    'no input to a layer': {
      document: network(input, layer('a', 'relu', ['input']), layer('x', 'relu', [])),
      found: [
        ['no-input', 'x'],
        ['one-output', 'x'],
      ],
    },
    'a shape that does not fit': {
      document: network(input, layer('fc', 'linear', ['input']), layer('after', 'relu', ['fc'])),
      found: [['layer:needs-flat', 'fc']],
    },
    'no Input layer': {
      document: network(layer('a', 'relu', [])),
      found: [
        ['no-input', 'a'],
        ['one-input', 'a'],
      ],
    },
    'two Input layers': {
      document: network(input, layer('second', 'input', []), layer('a', 'relu', ['input'])),
      found: [
        ['one-input', 'second'],
        ['one-output', 'a'],
      ],
    },
    'two outputs': {
      document: network(input, layer('a', 'relu', ['input']), layer('b', 'relu', ['input'])),
      found: [['one-output', 'b']],
    },
    'an id used twice': {
      document: network(input, layer('a', 'relu', ['input']), layer('a', 'flatten', ['a'])),
      found: [['doubled-id', 'a']],
    },
    'an unknown input': {
      document: network(input, layer('a', 'relu', ['input']), layer('b', 'relu', ['gone'])),
      found: [
        ['unknown-input', 'b'],
        ['one-output', 'b'],
      ],
    },
    'a cycle': {
      document: network(input, layer('a', 'relu', ['b']), layer('b', 'relu', ['a']), layer('c', 'relu', ['b'])),
      found: [
        ['cycle', 'a'],
        ['cycle', 'b'],
        ['one-output', 'c'],
      ],
    },
  }

  it.each(Object.entries(cases))('%s', (_, { document, found }) => {
    const { problems } = analyzeNetwork(document)
    expect(problems.map(({ code, layerId }) => [code, layerId])).toEqual(expect.arrayContaining(found))
    for (const problem of problems) expect(problem.message).not.toBe('')
    expect(() => requireSound(document)).toThrow(/The network "Test" cannot run\./)
  })

  it('names the layer before, where an edge is at fault', () => {
    const { problems } = analyzeNetwork(network(input, layer('fc', 'linear', ['input'])))
    expect(problems).toMatchObject([{ layerId: 'fc', fromId: 'input', params: { shape: '6 × 6 × 2' } }])
  })

  it('names both layers and both shapes, also in the error of a network that cannot run', () => {
    const document = network(
      input,
      layer('conv', 'conv2d', ['input'], { out_channels: 5 }),
      layer('sum', 'add', ['conv', 'input']),
    )
    expect(analyzeNetwork(document).problems).toMatchObject([
      {
        layerId: 'sum',
        fromId: 'input',
        params: { from: 'input', fromShape: '6 × 6 × 2', other: 'conv', otherShape: '4 × 4 × 5' },
      },
    ])
    expect(() => requireSound(document)).toThrow('"input" gives 6 × 6 × 2, "conv" gives 4 × 4 × 5')
  })

  it('reports every problem of a chain once, and none of the layers below', () => {
    const { problems, layers } = analyzeNetwork(
      network(input, layer('bad', 'conv2d', ['input'], { kernel_size: 9 }), layer('fc', 'linear', ['bad'])),
    )
    expect(problems.map((problem) => problem.layerId)).toEqual(['bad'])
    expect(layers.map((analyzed) => analyzed.node.id)).toEqual(['input'])
  })

  it('never throws on a document that the schema accepts', () => {
    const odd = { format: 'convscope.network', version: 1, name: 'x', layers: [{ id: 'a', kind: '?', inputs: ['a'] }] }
    expect(analyzeNetwork(readNetwork(odd, 'odd')).problems.length).toBeGreaterThan(0)
  })
})
