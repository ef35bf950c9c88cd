import { beforeAll, describe, expect, it } from 'vitest'
import type { CompiledNetwork, Engine } from '../../electron/trainer/engines/engine'
import { initialWeights } from '../../electron/trainer/engines/weights/initial'
import { requireSound } from '../../shared/network/analyze'
import { readNetwork } from '../../shared/network/parse'
import { engines } from './engines'

const channels = 200
const places = 9
const rate = 0.3

describe.each(engines)('$name engine', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  /** What dropout makes of one picture of ones, by channel. */
  async function masks(kind: string, p: number, seed: readonly [number, number] = [1, 1]): Promise<number[][]> {
    const network = await compile(engine, kind, p)
    // Logits are zero whatever enters, so the gradient of a dense weight is one factor times the value that it saw.
    const { gradients } = network.gradients({ indices: Int32Array.of(0), seed })
    network.dispose()
    const seen = gradients.get('fc.weight')?.values.subarray(0, channels * places) ?? new Float32Array()
    return Array.from({ length: channels }, (_, channel) =>
      [...seen.subarray(channel * places, (channel + 1) * places)].map((value) => value / -0.5),
    )
  }

  it('leaves all as it is at rate 0', async () => {
    for (const kind of ['dropout', 'dropout2d']) {
      for (const values of await masks(kind, 0)) expect(values).toEqual(Array(places).fill(1))
    }
  })

  it('drops whole channels in dropout2d, as often as asked, and makes up for it', async () => {
    const found = await masks('dropout2d', rate)
    for (const values of found) {
      expect(new Set(values).size).toBe(1)
      if (values[0] !== 0) expect(values[0]).toBeCloseTo(1 / (1 - rate), 5)
    }
    const dropped = found.filter(([first]) => first === 0).length / channels
    // Four standard deviations.
    expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / channels))
  })

  it('drops single values in dropout', async () => {
    const found = await masks('dropout', rate)
    expect(found.filter((values) => new Set(values).size === 2).length).toBeGreaterThan(channels / 2)
    const dropped = found.flat().filter((value) => value === 0).length / (channels * places)
    expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / (channels * places)))
  })

  it.each(['dropout', 'dropout2d'])('draws the mask of %s from the seed', async (kind) => {
    const [first, again, other] = [await masks(kind, rate), await masks(kind, rate), await masks(kind, rate, [1, 2])]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('drops nothing when it evaluates', async () => {
    const network = await compile(engine, 'dropout2d', 0.9)
    const weights = new Map(network.getWeights())
    weights.set('fc.weight', { shape: [2, channels * places], values: new Float32Array(2 * channels * places).fill(1) })
    network.setWeights(weights)
    const logits = network.predict(new Float32Array(channels * places).fill(1), 1)
    network.dispose()
    expect([...logits]).toEqual([channels * places, channels * places])
  })
})

async function compile(engine: Engine, kind: string, p: number): Promise<CompiledNetwork> {
  const layers = [
    { id: 'input', kind: 'input', params: { height: 3, width: 3, channels }, inputs: [] },
    { id: 'drop', kind, params: { p }, inputs: ['input'] },
    { id: 'flat', kind: 'flatten', inputs: ['drop'] },
    { id: 'fc', kind: 'linear', params: { out_features: 2, bias: false }, inputs: ['flat'] },
  ]
  const network = requireSound(readNetwork({ format: 'convscope.network', version: 1, name: 'Test', layers }, 'test'))
  const compiled = await engine.compile({
    network,
    loss: { type: 'cross-entropy', label_smoothing: 0 },
    optimizer: { type: 'sgd', weight_decay: 0 },
    // White enters as 1.
    data: {
      count: 1,
      shape: [3, 3, channels],
      images: new Uint8Array(channels * places).fill(255),
      labels: Uint8Array.of(0),
    },
  })
  const zeros = [...initialWeights(network, 'pytorch', 1)].map(([name, { shape, values }]) => {
    return [name, { shape, values: new Float32Array(values.length) }] as const
  })
  compiled.setWeights(new Map(zeros))
  return compiled
}
