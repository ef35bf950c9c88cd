import { describe, expect, it } from 'vitest'
import { analyzeNetwork, requireSound } from './analyze'
import { layerIdSchema, networkDocumentSchema, type LayerGroup, type LayerNode, type NetworkDocument } from './document'
import { expandGroups } from './groups'

/** `id:kind<input,input` is one layer. */
function layersOf(...texts: string[]): LayerNode[] {
  return texts.map((text) => {
    const [head = '', inputs = ''] = text.split('<')
    const [id = '', kind = 'relu'] = head.split(':')
    const params = kind === 'input' ? { height: 8, width: 8, channels: 4 } : kind === 'conv2d' ? conv : {}
    return { id, kind, params, inputs: inputs ? inputs.split(',') : [] }
  })
}
const conv = { out_channels: 4, kernel_size: 3, padding: 1 }

function network(layers: LayerNode[], ...groups: LayerGroup[]): NetworkDocument {
  return { format: 'convscope.network', version: 1, name: 'Test', layers, groups }
}

function edges(document: NetworkDocument): string[] {
  return document.layers.map(({ id, inputs }) => `${id}<${inputs.join()}`)
}

function group(id: string, layers: string, repeat: number): LayerGroup {
  return { id, layers: layers.split(','), repeat }
}

const chain = layersOf('in:input', 'a:conv2d<in', 'b<a', 'end<b')

describe('expandGroups', () => {
  it('leaves a document without groups as it is', () => {
    const { groups: _, ...plain } = network(chain)
    expect(expandGroups(plain).document).toEqual(plain)
    expect(expandGroups(network(chain, group('g', 'a,b', 1))).document).toEqual(plain)
  })

  it('chains the copies between what is before and what is behind', () => {
    const { document, origins, problems } = expandGroups(network(chain, group('g', 'a,b', 3)))
    expect(edges(document)).toEqual(['in<', 'a<in', 'b<a', 'a_2<b', 'b_2<a_2', 'a_3<b_2', 'b_3<a_3', 'end<b_3'])
    expect(document).not.toHaveProperty('groups')
    expect(problems).toEqual([])
    expect(origins.get('b_3')).toEqual({ layerId: 'b', repeat: 3 })
    expect(origins.get('end')).toEqual({ layerId: 'end', repeat: 1 })
  })

  it('repeats a residual block, whose entry goes two ways', () => {
    const layers = layersOf('in:input', 'c:conv2d<in', 'sum:add<c,in', 'end<sum')
    const { document, problems } = expandGroups(network(layers, group('block', 'c,sum', 2)))
    expect(problems).toEqual([])
    expect(edges(document)).toEqual(['in<', 'c<in', 'sum<c,in', 'c_2<sum', 'sum_2<c_2,sum', 'end<sum_2'])
  })

  it('chains two groups that follow each other, in either order', () => {
    const one = [group('g', 'a', 2), group('h', 'b', 2)]
    const flat = ['in<', 'a<in', 'a_2<a', 'b<a_2', 'b_2<b', 'end<b_2']
    expect(edges(expandGroups(network(chain, ...one)).document)).toEqual(flat)
    expect(edges(expandGroups(network(chain, ...one.reverse())).document)).toEqual(flat)
  })

  it('finds ids that are free, valid and not too long', () => {
    const long = 'x'.repeat(64)
    const layers = layersOf('in:input', `${long}<in`, `a<${long}`, 'a_2<a')
    const { document } = expandGroups(network(layers, group('g', `${long},a`, 2)))
    const ids = document.layers.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('a__2')
    for (const id of ids) expect(layerIdSchema.safeParse(id).success, id).toBe(true)
  })

  it('lets a group end the network', () => {
    const document = network(chain, group('g', 'b,end', 2))
    expect(requireSound(document).output.node.id).toBe('end_2')
  })

  it.each([
    ['group-entries', group('g', 'in,a', 2)],
    ['group-entries', group('g', 'a,end', 2)],
    ['group-unknown-layer', group('g', 'a,gone', 1)],
    ['group-too-large', group('g', 'a,b', 6000)],
  ])('says %s', (code, wrong) => {
    const analysis = analyzeNetwork(network(chain, wrong))
    expect(analysis.problems[0]).toMatchObject({ code, params: { group: 'g' } })
    expect(chain.map(({ id }) => id)).toContain(analysis.problems[0]?.layerId)
    expect(() => requireSound(network(chain, wrong))).toThrow(/group "g"/)
  })

  it('says which layers leave a group that has several exits', () => {
    const layers = layersOf('in:input', 'a<in', 'b<in', 'sum:add<a,b')
    expect(expandGroups(network(layers, group('g', 'a,b', 2))).problems).toMatchObject([
      { code: 'group-exits', params: { count: 2, exits: 'a, b' } },
    ])
  })

  it('says that a layer is in two groups', () => {
    const { problems } = expandGroups(network(chain, group('g', 'a', 2), group('h', 'a,b', 2)))
    expect(problems[0]).toMatchObject({ code: 'group-overlap', layerId: 'a', params: { group: 'h', other: 'g' } })
  })

  it('is part of a document that the schema accepts, and checked', () => {
    const parsed = networkDocumentSchema.parse(network(chain, group('g', 'a', 2)))
    expect(parsed.groups).toEqual([group('g', 'a', 2)])
    for (const wrong of [{ repeat: 0 }, { layers: [] }, { id: '1' }, { other: 1 }]) {
      const document = { ...parsed, groups: [{ ...group('g', 'a', 2), ...wrong }] }
      expect(networkDocumentSchema.safeParse(document).success).toBe(false)
    }
  })
})

describe('the analysis of repeated groups', () => {
  it('counts every copy, and gives what trains the flat network', () => {
    const sound = requireSound(network(chain, group('g', 'a,b', 3)))
    expect(sound.parameterCount).toBe(3 * (4 * 4 * 9 + 4))
    expect(sound.layers.map(({ node }) => node.id)).toContain('a_3')
    expect(sound.document.layers).toHaveLength(8)
  })

  it('reports a shape that the next copy does not take on the document’s own layers', () => {
    const layers = layersOf('in:input', 'pool:max_pool2d<in', 'end<pool')
    const { problems } = analyzeNetwork(network(layers, group('g', 'pool', 5)))
    // 8, 4, 2, 1: the fourth copy does not fit.
    expect(problems).toMatchObject([
      {
        layerId: 'pool',
        fromId: 'pool',
        code: 'layer:window-too-large',
        params: { repeat: 4, from: 'pool', fromShape: '1 × 1 × 4' },
      },
    ])
    expect(problems[0]?.message).toMatch(/^in repeat 4 of its group, /)
  })

  it('tells one fault of many copies once', () => {
    const layers = chain.map((layer) => (layer.id === 'a' ? { ...layer, params: { stride: 0 } } : layer))
    const { problems } = analyzeNetwork(network(layers, group('g', 'a,b', 9)))
    expect(problems.map(({ layerId, code }) => `${layerId}: ${code}`)).toEqual(['a: bad-params'])
  })

  it('takes a thousand copies in reasonable time', () => {
    const begun = performance.now()
    expect(requireSound(network(chain, group('g', 'a,b', 1000))).layers).toHaveLength(2002)
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})
