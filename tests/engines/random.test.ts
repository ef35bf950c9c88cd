import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CompiledNetwork, Engine } from '../../electron/trainer/engines/engine'
import { pixelMean, pixelStd } from '../../shared/data/dataset'
import type { FieldControl } from '../../shared/layers/define'
import { layerKinds } from '../../shared/layers/registry'
import { requireSound } from '../../shared/network/analyze'
import type { NetworkDocument } from '../../shared/network/document'
import { readRandomCases, type RandomCase } from '../golden/read-random'
import { differences, valueDifferences } from './compare'
import { engines } from './engines'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const tolerance = 1e-4
const cases = readRandomCases().map((random) => ({ ...random, text: summary(random.network) }))

/** Every parameter of every kind, as text, over all networks; defaults are filled in. */
function drawnValues(): ReadonlyMap<string, ReadonlySet<string>> {
  const drawn = new Map<string, Set<string>>()
  for (const { network } of cases) {
    for (const { node, params } of requireSound(network).layers) {
      for (const [name, value] of Object.entries(params)) {
        const key = `${node.kind}.${name}`
        drawn.set(key, (drawn.get(key) ?? new Set()).add(JSON.stringify(value)))
      }
    }
  }
  return drawn
}

/** How many different values of a parameter the networks should hold between them. */
function enough(field: FieldControl): number {
  switch (field.control) {
    case 'toggle':
      return 2
    case 'choice':
      return field.options.length
    case 'number':
      return 2
    default:
      return 3
  }
}

describe('the random networks', () => {
  it('hold every kind of layer more than once', () => {
    const counts = new Map([...layerKinds.keys()].map((kind) => [kind, 0]))
    for (const { kind } of cases.flatMap(({ network }) => network.layers)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count < 5)).toEqual([])
  })

  it('hold every parameter with several values', () => {
    const drawn = drawnValues()
    const missing = [...layerKinds.values()].flatMap(({ kind, fields }) =>
      Object.entries(fields)
        .filter(([name, field]) => (drawn.get(`${kind}.${name}`)?.size ?? 0) < enough(field))
        .map(([name]) => `${kind}.${name}`),
    )
    expect(missing).toEqual([])
  })

  it('hold convolutions with dilation, groups and "same" at once, pictures of odd shapes, and branches', () => {
    const nodes = cases.flatMap(({ network }) => requireSound(network).layers)
    const hard = nodes.filter(({ node, params }) => {
      const { padding, dilation, groups } = params as { padding?: unknown; dilation?: number[]; groups?: number }
      return node.kind === 'conv2d' && padding === 'same' && (groups ?? 1) > 1 && (dilation ?? []).some((d) => d > 1)
    })
    expect(hard.length).toBeGreaterThan(0)
    expect(cases.filter(({ data: { shape } }) => shape[0] !== shape[1] && shape[0] % 2 === 1).length).toBeGreaterThan(9)
    expect(
      cases.filter(({ network }) => network.layers.some(({ inputs }) => inputs.length > 1)).length,
    ).toBeGreaterThan(19)
  })
})

describe.each(engines)('$name engine against PyTorch on a random network', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  it.each(cases)('$network.name: $text', async (random) => {
    const { data } = random
    const all = Int32Array.from({ length: data.count }, (_, index) => index)
    const evaluated = await compile(engine, random, random.network)
    const pictures = Float32Array.from(data.images, (pixel) => (pixel / 255 - pixelMean) / pixelStd)
    const logits = evaluated.predict(pictures, data.count)
    evaluated.dispose()

    const trained = await compile(engine, random, withoutDropout(random.network))
    const { loss, gradients } = trained.gradients({ indices: all, seed: [0, 0] })
    trained.trainStep({ indices: all, learningRate: 0, seed: [0, 0] })
    const statistics = new Map([...trained.getWeights()].filter(([name]) => random.statistics.has(name)))
    trained.dispose()

    expect([
      ...valueDifferences('logits', logits, random.logits, tolerance),
      ...(Math.abs(loss - random.loss) <= tolerance * random.loss ? [] : [`loss is ${loss}, PyTorch ${random.loss}`]),
      ...differences(gradients, random.gradients, tolerance, noiseOf(random)),
      ...differences(statistics, random.statistics, tolerance),
    ]).toEqual([])
  })
})

async function compile(engine: Engine, random: RandomCase, network: NetworkDocument): Promise<CompiledNetwork> {
  const compiled = await engine.compile({
    network: requireSound(network),
    data: random.data,
    loss: { type: 'cross-entropy', label_smoothing: 0 },
    optimizer: { type: 'sgd', weight_decay: 0 },
  })
  compiled.setWeights(random.initial)
  return compiled
}

/**
 * What may stand for a gradient of zero, as of a bias before BatchNorm: it is the rounding of a sum of numbers that are as
 * large as those of the other gradients.
 */
function noiseOf({ gradients }: RandomCase): number {
  const values = [...gradients.values()].flatMap((gradient) => [...gradient.values])
  return 0.1 * tolerance * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/** Every engine draws masks of its own. */
function withoutDropout(network: NetworkDocument): NetworkDocument {
  const layers = network.layers.map((node) => (node.kind.startsWith('dropout') ? { ...node, params: { p: 0 } } : node))
  return { ...network, layers }
}

function summary({ layers }: NetworkDocument): string {
  return layers
    .slice(1)
    .map(({ kind }) => kind)
    .join(', ')
}
