import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Picture, QueryOf } from '../../shared/inspect/queries'
import { weightOf } from '../../electron/trainer/inspect/weights'
import { relativeDifference } from '../engines/compare'
import { engines } from '../engines/engines'
import { readDigits, type DigitsRanking, type DigitsTensor } from '../golden/read-digits'
import { openDigits, type DigitsLens } from './lens'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const golden = readDigits()
const picture: Picture = { type: 'dataset', split: 'test', index: golden.picture }
const tolerance = 1e-4

describe.each(engines)('questions about a network, $name engine against PyTorch', ({ create }) => {
  let lens: DigitsLens
  beforeAll(async () => {
    lens = await openDigits(await create())
    return () => lens.probe.dispose()
  })

  function expectNear(actual: ArrayLike<number>, expected: DigitsTensor): void {
    expect(actual).toHaveLength(expected.values.length)
    expect(relativeDifference(actual, expected.values)).toBeLessThan(tolerance)
  }

  it('activations: every map, statistics and scores', () => {
    const layers = Object.keys(golden.activations)
    const pages = layers.map((layer) => ({ layer, first: 0, count: 1024 }))
    const { answer } = lens.ask({ type: 'activations', picture, pages })
    expect(answer.layers.map(({ layer }) => layer)).toEqual(layers)
    expect(answer.pages.map(({ layer }) => layer)).toEqual(layers)
    for (const page of answer.pages) {
      const expected = golden.activations[page.layer]!
      expectNear(page.values, expected)
      const [count, height = 1, width = 1] = expected.shape
      expect([page.count, page.height, page.width]).toEqual([count, height, width])
    }
    for (const found of answer.layers) {
      const { values } = golden.activations[found.layer]!
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      expect(found.mean).toBeCloseTo(mean, 4)
      expect(found.standardDeviation).toBeCloseTo(Math.sqrt(variance), 4)
      expect([found.min, found.max].map((value) => value.toFixed(3))).toEqual([
        Math.min(...values).toFixed(3),
        Math.max(...values).toFixed(3),
      ])
      expect(found.zeros).toBeCloseTo(values.filter((value) => value === 0).length / values.length, 6)
    }
    expectNear(answer.logits, golden.activations['fc2']!)
    expectNear(answer.probabilities, golden.probabilities)
    expect(answer.label).toBe(golden.label)
  })

  it('activations: a page of channels, and one that ends early', () => {
    const places = 14 * 14
    const pages = [
      { layer: 'conv1', first: 2, count: 3 },
      { layer: 'conv1', first: 4, count: 9 },
    ]
    const [part, end] = lens.ask({ type: 'activations', picture, pages }).answer.pages
    const { shape, values } = golden.activations['conv1']!
    expectNear(part?.values ?? [], { shape, values: values.slice(2 * places, 5 * places) })
    expect([end?.first, end?.count, end?.values.length]).toEqual([4, 2, 2 * places])
    const behind = [{ layer: 'conv1', first: 6, count: 1 }]
    expect(() => lens.ask({ type: 'activations', picture, pages: behind })).toThrow(
      '"conv1" has 6 channels, so no page begins at 6',
    )
  })

  it('activations of an own picture: the same bytes give the same', () => {
    const { images } = lens.images('test')
    const values = images.slice(golden.picture * 784, (golden.picture + 1) * 784)
    const own = lens.ask({ type: 'activations', picture: { type: 'bytes', values }, pages: [] }).answer
    expectNear(own.logits, golden.activations['fc2']!)
    expect(own.label).toBeNull()
    const short = { type: 'bytes', values: new Uint8Array(783) } as const
    expect(() => lens.ask({ type: 'activations', picture: short, pages: [] })).toThrow(
      '783 values, but the network takes 28 × 28 × 1',
    )
  })

  it('convolution: input, kernel, options and output', () => {
    const { answer } = lens.ask({ type: 'convolution', picture, layer: 'conv2' })
    expect(answer).toMatchObject({
      layer: 'conv2',
      inputShape: [6, 14, 14],
      kernelShape: [8, 3, 3, 2],
      outputShape: [8, 14, 14],
      options: { stride: [1, 1], dilation: [1, 2], groups: 2, padding: { top: 1, bottom: 1, left: 1, right: 1 } },
    })
    expectNear(answer.input, golden.activations['relu1']!)
    expectNear(answer.output, golden.activations['conv2']!)
    expect(answer.kernel).toEqual(weightOf(lens.weights, 'conv2.weight').values)
    expect(answer.bias).toEqual(weightOf(lens.weights, 'conv2.bias').values)
    expect(() => lens.ask({ type: 'convolution', picture, layer: 'fc1' })).toThrow('"fc1" is no Conv2d')
    expect(() => lens.ask({ type: 'convolution', picture, layer: 'conv9' })).toThrow('no layer "conv9"')
  })

  it('kernels', () => {
    const { answer } = lens.ask({ type: 'kernels', layer: 'conv1' })
    expect(answer.shape).toEqual([6, 1, 5, 5])
    expect(answer.values).toEqual(weightOf(lens.weights, 'conv1.weight').values)
    expect(() => lens.ask({ type: 'kernels', layer: 'relu1' })).toThrow('"relu1" has no kernels')
  })

  function attribution(
    method: 'gradCam' | 'saliency' | 'integratedGradients' | 'occlusion',
    layer: string | null = null,
  ) {
    const { steps, patch, stride } = golden
    return lens.ask({ type: 'attribution', picture, class: golden.class, method, layer, steps, patch, stride })
  }

  it('saliency', () => {
    const { answer } = attribution('saliency')
    expectNear(answer.values, golden.saliency)
    expect(answer.logit).toBeCloseTo(golden.activations['fc2']?.values[golden.class] ?? NaN, 4)
    expect(answer.probability).toBeCloseTo(golden.probabilities.values[golden.class] ?? NaN, 5)
    expect(answer).toMatchObject({ height: 28, width: 28, layer: null, baselineLogit: null })
  })

  it('Grad-CAM, of the last maps and of a layer that is named', () => {
    const last = attribution('gradCam').answer
    expect(last).toMatchObject({ layer: 'relu2', height: 14, width: 14 })
    expectNear(last.values, golden.gradCam['relu2']!)
    expectNear(attribution('gradCam', 'conv1').answer.values, golden.gradCam['conv1']!)
    expect(() => attribution('gradCam', 'fc1')).toThrow('"fc1" has no height and width')
  })

  it('integrated gradients, which add up to the difference of the logits', () => {
    const { answer, steps } = attribution('integratedGradients')
    expectNear(answer.values, golden.integratedGradients)
    expect(answer.baselineLogit).toBeCloseTo(golden.baselineLogit, 4)
    expect(steps.at(-1)).toMatchObject({ done: golden.steps, total: golden.steps })
  })

  it('occlusion', () => {
    const { answer, steps } = attribution('occlusion')
    expectNear(answer.values, golden.occlusion)
    expect(steps.at(-1)).toMatchObject({ done: 25, total: 25 })
  })

  it('refuses a class that there is not', () => {
    const wrong = {
      type: 'attribution',
      picture,
      class: 10,
      method: 'saliency',
      layer: null,
      steps: 2,
      patch: 1,
      stride: 1,
    } as const
    expect(() => lens.ask(wrong)).toThrow('has 10 classes, so none is 10')
  })

  it('matching: cosines and the response', () => {
    const { channel } = golden
    const { answer } = lens.ask({ type: 'matching', picture, layer: 'conv2', channel })
    expect([answer.height, answer.width]).toEqual([14, 14])
    expectNear(answer.cosine, golden.matching)
    const { shape, values } = golden.activations['conv2']!
    expectNear(answer.response, { shape, values: values.slice(channel * 196, (channel + 1) * 196) })
    expect(() => lens.ask({ type: 'matching', picture, layer: 'conv2', channel: 8 })).toThrow(
      'has 8 channels, so none is 8',
    )
  })

  it('predictions: logits and losses', () => {
    const { answer, steps } = lens.ask({ type: 'predictions', split: 'test', limit: golden.many })
    expect([answer.count, answer.classes]).toEqual([golden.many, 10])
    expectNear(answer.logits, golden.logits)
    expectNear(answer.losses, golden.losses)
    expect(answer.labels).toEqual(lens.images('test').labels.slice(0, golden.many))
    expect(steps[0]?.partial?.()).toMatchObject({ classes: 10 })
    expect(steps.at(-1)).toMatchObject({ done: golden.many, total: golden.many })
  })

  function expectRanking(actual: DigitsRanking, expected: DigitsRanking): void {
    const places = (ranking: DigitsRanking) =>
      ranking.map((best) => best.map(([index, , row, column]) => [index, row, column]))
    const scores = (ranking: DigitsRanking) => ranking.flatMap((best) => best.map(([, score]) => score))
    expect(places(actual)).toEqual(places(expected))
    expect(relativeDifference(scores(actual), scores(expected))).toBeLessThan(tolerance)
  }

  function topPatches(layer: string, measure: 'activation' | 'cosine', channels: number[] | null = null) {
    const { best: count, many: limit } = golden
    const { answer } = lens.ask({
      type: 'topPatches',
      layer,
      channels,
      split: 'test',
      limit,
      count,
      measure,
      worst: true,
    })
    const ranking = (end: 'best' | 'worst') =>
      answer.channels.map((channel) =>
        channel[end].map(({ index, score, row, column }) => [index, score, row, column] as const),
      )
    return { answer, best: ranking('best'), worst: ranking('worst') }
  }

  it.each(Object.keys(golden.topPatches))('top patches of %s, best and worst', (layer) => {
    const { answer, best, worst } = topPatches(layer, 'activation')
    expectRanking(best, golden.topPatches[layer]!.best)
    expectRanking(worst, golden.topPatches[layer]!.worst)
    expect([answer.layer, answer.looked]).toEqual([layer, golden.many])
    expect(answer.channels.map(({ channel }) => channel)).toEqual(best.map((_, channel) => channel))
  })

  it('top patches of some channels only, with what they see of the picture', () => {
    const { answer, best } = topPatches('relu2', 'activation', [5, 1])
    const all = golden.topPatches['relu2']!.best
    expectRanking(best, [all[5]!, all[1]!])
    expect(answer.channels.map(({ channel }) => channel)).toEqual([5, 1])
    const [first] = answer.channels[0]?.best ?? []
    // conv1: 5 × 5, stride 2, padding 2; conv2: 3 rows and 2 columns two apart, padding 1.
    const { row = 0, column = 0, index = 0 } = first ?? {}
    expect(first?.window).toEqual({ top: 2 * row - 4, left: 2 * column - 4, height: 9, width: 9 })
    expect(first?.label).toBe(lens.images('test').labels[index])
  })

  it('top patches by cosine', () => {
    const found = topPatches('conv2', 'cosine')
    for (const end of ['best', 'worst'] as const) {
      // The background looks alike in many pictures, so that many places have the same score.
      const scores = (ranking: DigitsRanking) => ranking.flatMap((best) => best.map(([, score]) => score))
      expect(relativeDifference(scores(found[end]), scores(golden.cosinePatches[end]))).toBeLessThan(tolerance)
      found[end].forEach(([first], channel) => {
        const [index = 0, score = NaN, row = 0, column = 0] = first ?? []
        const own = lens.ask({
          type: 'matching',
          picture: { type: 'dataset', split: 'test', index },
          layer: 'conv2',
          channel,
        })
        expect(own.answer.cosine[14 * row + column]).toBeCloseTo(score, 4)
      })
    }
    expect(() => topPatches('relu2', 'cosine')).toThrow('"relu2" is no Conv2d')
  })

  const maximise: QueryOf<'maximise'> = {
    type: 'maximise',
    layer: 'fc2',
    channel: 3,
    iterations: 40,
    stepSize: 0.05,
    decay: 0.01,
    blur: 0.5,
    jitter: 1,
    seed: 7,
  }

  it('maximise: the unit rises, within the pixel range, the same way each time', () => {
    const { answer, steps } = lens.ask(maximise)
    expect(answer.shape).toEqual([28, 28, 1])
    expect(answer.history).toHaveLength(41)
    expect(answer.history.at(-1)).toBeGreaterThan((answer.history[0] ?? 0) + 2)
    expect([...answer.values].every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true)
    expect(steps.at(-1)).toMatchObject({ done: 40, total: 40 })
    expect(lens.ask(maximise).answer.values).toEqual(answer.values)
    // The unit's activation of the picture, rounded to bytes, as another question tells it.
    const values = Uint8Array.from(answer.values, (pixel) => Math.round(255 * pixel))
    const { logits } = lens.ask({ type: 'activations', picture: { type: 'bytes', values }, pages: [] }).answer
    expect(Math.abs((logits[3] ?? NaN) - (answer.history.at(-1) ?? NaN))).toBeLessThan(0.3)
  })

  it('maximise: the first step of a bare ascent follows the gradient', () => {
    const bare = { layer: 'conv2', channel: 2, iterations: 1, decay: 0, blur: 0, jitter: 0 }
    const { history } = lens.ask({ ...maximise, ...bare }).answer
    expect(history[1]).toBeGreaterThan(history[0] ?? Infinity)
  })
})
