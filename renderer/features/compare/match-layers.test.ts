import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyzeNetwork } from '../../../shared/network/analyze'
import { networkDocumentSchema, type NetworkDocument } from '../../../shared/network/document'
import { matchLayers } from './match-layers'
import { networkDiff } from './network-diff'

interface Layer {
  readonly id: string
  readonly kind: string
  readonly params?: object
  readonly label?: string
}
const input = { id: 'input', kind: 'input', params: { height: 16, width: 16, channels: 1 } }

/** Layers one after another. */
function chain(...layers: readonly Layer[]): NetworkDocument {
  const linked = layers.map((layer, at) => ({ ...layer, inputs: at === 0 ? [] : [layers[at - 1]?.id] }))
  return networkDocumentSchema.parse({ format: 'convscope.network', version: 1, name: 'n', layers: linked })
}
const side = (document: NetworkDocument) => ({ document, analysis: analyzeNetwork(document) })
const pairsOf = (before: NetworkDocument, after: NetworkDocument) =>
  matchLayers(side(before), side(after)).map((pair) => `${pair.before}=${pair.after} by ${pair.by}`)
const conv = (id: string, channels: number, rest: Partial<Layer> = {}): Layer => ({
  id,
  kind: 'conv2d',
  params: { out_channels: channels, kernel_size: 3, padding: 1 },
  ...rest,
})
const relu = (id: string): Layer => ({ id, kind: 'relu' })

describe('matchLayers', () => {
  it('takes ids first, wherever the layers stand', () => {
    expect(pairsOf(chain(input, conv('a', 4), conv('b', 8)), chain(input, conv('b', 4), conv('a', 8)))).toEqual([
      'input=input by id',
      'a=a by id',
      'b=b by id',
    ])
  })

  it('then names of the same kind, however they are written', () => {
    const before = chain(input, conv('conv_1', 4), conv('x', 8, { label: 'Second' }))
    const after = chain(input, conv('second', 8), conv('Conv1', 4))
    expect(pairsOf(before, after)).toEqual(['input=input by id', 'conv_1=Conv1 by name', 'x=second by name'])
  })

  it('does not go by names that several layers have, nor by those of another kind', () => {
    const before = chain(input, conv('a', 4, { label: 'block' }), conv('b', 8, { label: 'block' }))
    const after = chain(input, { id: 'block', kind: 'relu' }, conv('c', 4), conv('d', 8))
    expect(pairsOf(before, after)).toEqual(['input=input by id', 'a=c by place', 'b=d by place'])
  })

  it('then aligns what is left along both networks, by kind, parameters and shapes', () => {
    const before = chain(input, conv('a', 4), relu('b'), conv('c', 8), relu('d'))
    const after = chain(
      { ...input, id: 'in' },
      conv('k1', 4),
      relu('k2'),
      conv('k3', 6),
      relu('k4'),
      conv('k5', 8),
      relu('k6'),
    )
    expect(pairsOf(before, after)).toEqual([
      'input=in by place',
      'a=k1 by place',
      'b=k2 by place',
      'c=k5 by place',
      'd=k6 by place',
    ])
  })

  it('aligns between the layers that are known', () => {
    const before = chain(input, relu('a'), conv('anchor', 4), relu('b'))
    const after = chain(input, conv('anchor', 4), relu('z'))
    expect(pairsOf(before, after)).toEqual(['input=input by id', 'anchor=anchor by id', 'b=z by place'])
  })

  it('takes another activation in the same place for a change, but nothing for what it is not like', () => {
    const before = chain(input, conv('a', 4), relu('b'), { id: 'c', kind: 'flatten' })
    const after = chain(input, conv('x', 4), { id: 'y', kind: 'tanh' }, { id: 'z', kind: 'max_pool2d' })
    expect(pairsOf(before, after)).toEqual(['input=input by id', 'a=x by place', 'b=y by place'])
  })

  it('takes layers of one id for the same at last, whatever they are', () => {
    expect(pairsOf(chain(input, relu('a')), chain(input, conv('a', 4)))).toEqual(['input=input by id', 'a=a by id'])
  })

  it('finds the whole of a network again under other names, branches too', () => {
    const read = (name: string): NetworkDocument =>
      networkDocumentSchema.parse(JSON.parse(readFileSync(`resources/templates/${name}.json`, 'utf8')))
    const rename = (document: NetworkDocument): NetworkDocument => {
      const names = new Map(document.layers.map(({ id }, at) => [id, `layer_${at}`]))
      const other = (id: string): string => names.get(id) ?? id
      return {
        ...document,
        layers: document.layers.map((layer) => ({ ...layer, id: other(layer.id), inputs: layer.inputs.map(other) })),
        groups: document.groups?.map((group) => ({ ...group, layers: group.layers.map(other) })),
      }
    }
    for (const name of ['resnet', 'mobilenet', 'squeeze-excitation', 'lenet5']) {
      const [before, after] = [side(read(name)), side(rename(read(name)))]
      const { changes, pairs } = networkDiff(before, after)
      expect(changes, name).toEqual([])
      expect(pairs, name).toHaveLength(before.document.layers.length)
    }
  })
})
