import { expect, it } from 'vitest'
import { weightBins } from './weight-bins'

it('counts each weight once, those at and beyond the ends, too', () => {
  const bins = weightBins(Float32Array.of(-1, -0.001, 0, 0.001, 1, 5, -5, NaN), 1)
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(7)
  expect(bins[0]?.count).toBe(2)
  expect(bins.at(-1)?.count).toBe(2)
  expect(bins[20]?.count).toBe(3)
  expect(bins[0]?.from).toBe(-1)
  expect(bins.at(-1)?.to).toBeCloseTo(1)
})

it('puts weights that are all zero into the middle', () => {
  expect(weightBins(new Float32Array(4), 0)[20]?.count).toBe(4)
})
