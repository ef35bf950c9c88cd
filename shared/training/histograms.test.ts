import { describe, expect, it } from 'vitest'
import { createRandom } from './random'
import { distributionOf, rebinned } from './histograms'

describe('distributionOf', () => {
  it('counts every value once, the extremes in the outer bins', () => {
    const found = distributionOf(Float32Array.of(-1, -0.9, 0, 0.2, 1, 1), 4)
    expect(found).toMatchObject({ low: -1, high: 1, counts: [2, 0, 2, 2], notFinite: 0 })
    expect(found.mean).toBeCloseTo(0.3 / 6, 6)
  })

  it('has the mean and the deviation of its values', () => {
    const random = createRandom('distribution')
    const values = Float32Array.from({ length: 20000 }, () => 3 + 2 * random.uniform())
    const { mean, deviation } = distributionOf(values)
    expect(mean).toBeCloseTo(4, 1)
    expect(deviation).toBeCloseTo(2 / Math.sqrt(12), 1)
  })

  it('keeps what is not finite apart', () => {
    expect(distributionOf(Float32Array.of(NaN, Infinity, 2))).toMatchObject({
      low: 2,
      high: 2,
      counts: [1],
      notFinite: 2,
    })
    expect(distributionOf(Float32Array.of(NaN))).toMatchObject({ low: 0, high: 0, counts: [0], notFinite: 1 })
  })
})

describe('rebinned', () => {
  it('keeps the number of values that lie within', () => {
    const from = distributionOf(Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)))
    const whole = rebinned(from, -2, 3, 17)
    expect(whole.reduce((a, b) => a + b)).toBeCloseTo(1000, 6)
    expect(rebinned(from, 0, 3, 5).reduce((a, b) => a + b)).toBeLessThan(600)
    // The middle of the bins stays where the values are.
    const mean = whole.reduce((sum, count, bin) => sum + count * (-2 + ((bin + 0.5) * 5) / 17), 0) / 1000
    expect(mean).toBeCloseTo(from.mean, 1)
  })

  it('finds a single value its bin', () => {
    const from = distributionOf(Float32Array.of(0.5, 0.5))
    expect([...rebinned(from, 0, 1, 4)]).toEqual([0, 0, 2, 0])
    expect([...rebinned(from, 0, 0.5, 4)]).toEqual([0, 0, 0, 2])
    expect([...rebinned(from, 1, 2, 4)]).toEqual([0, 0, 0, 0])
  })
})
