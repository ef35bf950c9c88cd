import { describe, expect, it } from 'vitest'
import { highestDrawn, nearestPoint, rateSeries } from './rate-series'

const points = [
  { rate: 1e-4, loss: 2.4, smoothed: 2 },
  { rate: 1e-3, loss: 1.1, smoothed: 1.5 },
  { rate: 1e-2, loss: 90, smoothed: 8 },
]

describe('the chart of a rate test', () => {
  it('stands on powers of ten and marks the suggested rate', () => {
    const series = rateSeries(points, 1e-3)
    expect(series[0]?.points.map(({ x }) => Math.round(x))).toEqual([-4, -3, -2])
    expect(series.at(-1)?.points).toEqual([{ x: Math.log10(1e-3), y: 1.5 }])
    expect(rateSeries(points, null).at(-1)?.points).toEqual([])
  })

  it('lets runaway losses leave it', () => {
    expect(highestDrawn(points)).toBe(2.5)
    expect(highestDrawn([])).toBe(1)
  })

  it('finds the point under the pointer', () => {
    expect(nearestPoint(points, -2.9)?.rate).toBe(1e-3)
    expect(nearestPoint([], 0)).toBeNull()
  })
})
