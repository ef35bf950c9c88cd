import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CompiledNetwork, Engine } from '../../electron/trainer/engines/engine'
import { pixelMean, pixelStd } from '../../shared/data/dataset'
import { requireSound } from '../../shared/network/analyze'
import { goldenNames, readGolden, type GoldenCase } from '../golden/read'
import { differences, unequalWeights, valueDifferences } from './compare'
import { engines } from './engines'

// The reference network takes seconds on the eager engine of a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const tolerance = 1e-4
const seed = [0, 0] as const

describe.each(engines)('$name engine against PyTorch', ({ create }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await create()
  })

  describe.each(goldenNames())('case %s', (name) => {
    let golden: GoldenCase
    let network: CompiledNetwork
    beforeAll(async () => {
      golden = readGolden(name)
      network = await compile(engine, golden)
      return () => network.dispose()
    })

    it('takes and gives back weights unchanged', () => {
      expect(unequalWeights(network.getWeights(), golden.initial)).toEqual([])
      const oneByOne = [...golden.initial.keys()].map((weight) => [weight, network.getWeight(weight)] as const)
      expect(unequalWeights(new Map(oneByOne), golden.initial)).toEqual([])
    })

    it('gives the same logits in evaluation mode', () => {
      const logits = network.predict(normalised(golden), golden.data.count)
      expect(valueDifferences('logits', logits, golden.logits, tolerance)).toEqual([])
    })

    it('gives the same loss and gradients, and changes nothing by it', () => {
      const { loss, gradients } = network.gradients({ indices: firstBatch(golden), seed })
      expect(loss).toSatisfy(near(golden.steps[0]?.loss), `loss ${loss}, PyTorch ${golden.steps[0]?.loss}`)
      expect(differences(gradients, golden.gradients, tolerance)).toEqual([])
      expect(unequalWeights(network.getWeights(), golden.initial)).toEqual([])
    })

    it('gives the same weights, statistics, slots and scores after five steps', () => {
      for (const [step, indices] of golden.batches.entries()) {
        const score = network.trainStep({ indices, learningRate: golden.learningRate, seed: [0, step] })
        const expected = golden.steps[step]
        expect(score.loss).toSatisfy(near(expected?.loss), `step ${step}: ${score.loss}, PyTorch ${expected?.loss}`)
        expect(score.correct, `right answers of step ${step}`).toBe(expected?.correct)
      }
      expect(differences(network.getWeights(), golden.final, tolerance)).toEqual([])
      const slots = new Map(network.getOptimizerState())
      expect([...(slots.get('step')?.values ?? [])]).toEqual([golden.batches.length])
      slots.delete('step')
      expect(differences(slots, golden.slots, tolerance)).toEqual([])
    })

    it('is a case in which what it is about happens', () => {
      const { clipNorm, classWeights, data } = golden
      const norms = golden.steps.map(({ norm }) => norm ?? NaN)
      if (clipNorm !== null) expect(norms.some((norm) => norm > clipNorm)).toBe(name !== 'clip-loose')
      if (classWeights) expect(new Set(data.labels.map((label) => classWeights[label] ?? 1)).size).toBeGreaterThan(3)
    })

    it('scores all pictures alike after the training', () => {
      const all = Int32Array.from({ length: golden.data.count }, (_, index) => index)
      const score = network.evaluate(golden.data, all)
      expect(score.loss).toSatisfy(near(golden.finalScore.loss), `${score.loss}, PyTorch ${golden.finalScore.loss}`)
      expect(score.correct).toBe(golden.finalScore.correct)
      const logits = network.predict(normalised(golden), golden.data.count)
      expect(valueDifferences('logits', logits, golden.finalLogits, tolerance)).toEqual([])
    })
  })
})

async function compile(engine: Engine, golden: GoldenCase): Promise<CompiledNetwork> {
  const { loss, optimizer, data, clipNorm, classWeights } = golden
  const job = { loss, optimizer, data, clipNorm, classWeights }
  const network = await engine.compile({ network: requireSound(golden.network), ...job })
  network.setWeights(golden.initial)
  return network
}

function firstBatch(golden: GoldenCase): Int32Array {
  const [first] = golden.batches
  if (!first) throw new Error(`${golden.name} has no batch`)
  return first
}

function normalised({ data }: GoldenCase): Float32Array {
  return Float32Array.from(data.images, (pixel) => (pixel / 255 - pixelMean) / pixelStd)
}

function near(expected = NaN): (value: number) => boolean {
  return (value) => Math.abs(value - expected) <= tolerance * Math.max(Math.abs(expected), 0.01)
}
