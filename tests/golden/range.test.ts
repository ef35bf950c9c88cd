import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRangeRecord, rangeRate, suggestRates } from '../../shared/training/range-test'

interface Curve {
  readonly losses: readonly number[]
  readonly smoothed: readonly number[]
  readonly valley: number
  readonly steepest: number
}

const curves = JSON.parse(readFileSync(join(import.meta.dirname, 'range.json'), 'utf8')) as readonly Curve[]
const steps = 100

describe('the learning-rate range test', () => {
  it.each(curves.map((curve, index) => ({ ...curve, index })))("suggests fastai's rates, curve $index", (curve) => {
    const record = createRangeRecord()
    for (const [step, loss] of curve.losses.entries()) if (!record.add(rangeRate(1e-7, 10, step, steps), loss)) break
    expect(record.points).toHaveLength(curve.smoothed.length)
    for (const [at, { smoothed }] of record.points.entries()) expect(smoothed).toBeCloseTo(curve.smoothed[at] ?? NaN, 10)
    const found = suggestRates(record.points, steps)
    expect((found?.valley ?? NaN) / curve.valley).toBeCloseTo(1, 9)
    expect((found?.steepest ?? NaN) / curve.steepest).toBeCloseTo(1, 9)
  })

  it('suggests nothing where the loss only rises, or is too short', () => {
    const record = createRangeRecord()
    for (let step = 0; step < steps; step++) record.add(rangeRate(1e-7, 10, step, steps), 1 + step / 100)
    expect(suggestRates(record.points, steps)).toBeNull()
    expect(suggestRates(record.points.slice(0, 20), steps)).toBeNull()
  })

  it('ends at a loss that is not finite, and keeps no point of it', () => {
    const record = createRangeRecord()
    expect(record.add(1e-3, 2)).toBe(true)
    expect(record.add(1e-2, NaN)).toBe(false)
    expect(record.points).toHaveLength(1)
  })
})
