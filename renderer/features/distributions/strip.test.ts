import { describe, expect, it } from 'vitest'
import { distributionOf } from '../../../shared/training/histograms'
import { stripOf } from './strip'

const narrow = distributionOf(Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) / 10))
const wide = distributionOf(Float32Array.from({ length: 1000 }, (_, i) => 1 + Math.sin(i)))

describe('stripOf', () => {
  it('puts all epochs onto one scale, the highest value on top', () => {
    const strip = stripOf([narrow, wide], 20)
    expect(strip.low).toBeCloseTo(-0.1, 2)
    expect(strip.high).toBeCloseTo(2, 2)
    const column = (at: number) => Array.from({ length: 20 }, (_, row) => strip.counts[row * 2 + at] ?? NaN)
    for (const at of [0, 1]) expect(column(at).reduce((a, b) => a + b)).toBeCloseTo(1000, 3)
    expect(column(0).findIndex((count) => count > 0)).toBeGreaterThan(15)
    expect(column(1)[0]).toBeGreaterThan(0)
    expect(Math.max(...strip.shares)).toBe(1)
  })

  it('leaves far values out of the picture', () => {
    const values = Float32Array.from({ length: 10000 }, (_, i) => Math.sin(i))
    values[7] = 1e6
    const strip = stripOf([distributionOf(values)], 10)
    expect(strip.high).toBeLessThan(1e6)
  })

  it('has a scale where all values are one', () => {
    const strip = stripOf([distributionOf(Float32Array.of(0, 0))], 5)
    expect(strip.high).toBeGreaterThan(strip.low)
    expect(strip.counts.reduce((a, b) => a + b)).toBe(2)
  })
})
