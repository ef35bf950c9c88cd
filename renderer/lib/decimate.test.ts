import { describe, expect, it } from 'vitest'
import { decimate, lowerBound, visibleRange } from './decimate'
import { smooth } from '../../shared/metrics/smooth'

function steps(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i + 1)
}

describe('decimate', () => {
  it('gives every point when there are few', () => {
    expect(decimate(steps(3), new Float32Array([5, 6, 7]), 0, 3, 10)).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: 6 },
      { x: 3, y: 7 },
    ])
  })

  it('keeps every spike and stays within two points a column', () => {
    const y = new Float32Array(100_000).fill(1)
    y[54_321] = 9
    y[77_777] = -9
    const points = decimate(steps(y.length), y, 0, y.length, 500)
    expect(points.length).toBeLessThanOrEqual(1000)
    expect(points).toContainEqual({ x: 54_322, y: 9 })
    expect(points).toContainEqual({ x: 77_778, y: -9 })
    expect(points.every((point, i) => i === 0 || point.x > (points[i - 1]?.x ?? 0))).toBe(true)
  })

  it('leaves out what is not finite', () => {
    expect(decimate(steps(3), new Float32Array([1, NaN, Infinity]), 0, 3, 10)).toEqual([{ x: 1, y: 1 }])
  })
})

describe('visibleRange', () => {
  it('takes one point more on each side', () => {
    expect(visibleRange(steps(100), 10, 20)).toEqual([8, 21])
  })
  it('stays inside the data', () => {
    expect(visibleRange(steps(5), -10, 90)).toEqual([0, 5])
  })
})

it('finds the lower bound', () => {
  expect(lowerBound(new Int32Array([1, 3, 5]), 3)).toBe(1)
  expect(lowerBound(new Int32Array([1, 3, 5]), 6)).toBe(3)
})

// Reported, not asserted: timings belong to the machine.
it('prepares 100,000 points in well under a frame', () => {
  const x = steps(100_000)
  const y = Float32Array.from({ length: x.length }, (_, i) => Math.exp(-i / 20_000) + Math.sin(i) * 0.1)
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now()
    decimate(x, y, 0, x.length, 1000)
    decimate(x, smooth(y, 0.95), 0, x.length, 1000)
    return performance.now() - start
  }).sort((a, b) => a - b)
  console.info(`100,000 points smoothed and decimated twice: median ${times[7]?.toFixed(2)} ms (a frame has 16.7 ms)`)
  expect(times).toHaveLength(15)
})
