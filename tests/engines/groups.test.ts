import { describe, expect, it } from 'vitest'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import { expandGroups } from '../../shared/network/groups'
import { requireSound } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import { engines } from './engines'

const document = readNetwork(
  {
    format: 'convscope.network',
    version: 1,
    name: 'Repeated',
    layers: [
      { id: 'input', kind: 'input', params: { height: 6, width: 6, channels: 2 } },
      { id: 'conv', kind: 'conv2d', params: { out_channels: 2, padding: 1 }, inputs: ['input'] },
      { id: 'relu', kind: 'relu', inputs: ['conv'] },
      { id: 'flatten', kind: 'flatten', inputs: ['relu'] },
      { id: 'fc', kind: 'linear', params: { out_features: 3 }, inputs: ['flatten'] },
    ],
    groups: [{ id: 'block', layers: ['conv', 'relu'], repeat: 3 }],
  },
  'test',
)

describe.each(engines)('$name engine', ({ create }) => {
  it('trains every copy of a group, by the names that the same network without groups has', async () => {
    const images = Uint8Array.from({ length: 8 * 72 }, (_, at) => (at * 37) % 256)
    const data = { count: 8, shape: [6, 6, 2], images, labels: Uint8Array.from([0, 1, 2, 0, 1, 2, 0, 1]) } as const
    const engine = await create()
    async function trained(flat: boolean) {
      const network = requireSound(flat ? expandGroups(document).document : document)
      const loss = { type: 'cross-entropy', label_smoothing: 0 } as const
      const compiled = await engine.compile({ network, loss, optimizer: { type: 'sgd', weight_decay: 0 }, data })
      const start = initialWeights(network, 'pytorch', 1)
      compiled.setWeights(start)
      compiled.trainStep({ indices: Int32Array.from({ length: 8 }, (_, at) => at), learningRate: 0.1, seed: [1, 1] })
      const weights = compiled.getWeights()
      compiled.dispose()
      return { start, weights }
    }
    const { start, weights } = await trained(false)
    expect([...weights.keys()].filter((name) => name.endsWith('weight'))).toEqual([
      'conv.weight',
      'conv_2.weight',
      'conv_3.weight',
      'fc.weight',
    ])
    for (const [name, { values }] of weights) expect(values, name).not.toEqual(start.get(name)?.values)
    expect(weights).toEqual((await trained(true)).weights)
  })
})
