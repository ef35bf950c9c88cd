import { describe, expect, it } from 'vitest'
import { classMiddles, fitView, nearestPoint, panBy, pointsInside, toPlane, toScreen, zoomAt } from './scatter-view'

const size = { width: 452, height: 252 }
const x = Float32Array.of(0, 10, 4, 10)
const y = Float32Array.of(0, 4, 2, 0)

describe('the view', () => {
  const fitted = fitView(x, y, size)

  it('shows every point, as large as both directions allow', () => {
    // 400 pixels for 10 units, 200 for 4: the first is the tighter.
    expect(fitted).toEqual({ x: 5, y: 2, scale: 40 })
    expect(toScreen(fitted, size, 0, 0)).toEqual([26, 46])
    expect(toScreen(fitted, size, 10, 4)).toEqual([426, 206])
  })

  it('goes back from the screen to the plane', () => {
    expect(toPlane(fitted, size, [426, 206])).toEqual([10, 4])
  })

  it('comes closer without moving what lies under the pointer', () => {
    const at = [126, 86] as const
    const before = toPlane(fitted, size, at)
    const closer = zoomAt(fitted, size, at, 3, fitted)
    expect(closer.scale).toBe(120)
    const after = toPlane(closer, size, at)
    expect(after[0]).toBeCloseTo(before[0], 9)
    expect(after[1]).toBeCloseTo(before[1], 9)
  })

  it('goes no farther than half of all', () => {
    expect(zoomAt(fitted, size, [0, 0], 0.001, fitted).scale).toBe(20)
  })

  it('follows a drag', () => {
    const [left] = toScreen(panBy(fitted, 30, 0), size, 0, 0)
    expect(left).toBe(56)
  })

  it('of a single point does not divide by nothing', () => {
    expect(Number.isFinite(fitView(Float32Array.of(3), Float32Array.of(3), size).scale)).toBe(true)
    expect(Number.isFinite(fitView(new Float32Array(), new Float32Array(), size).scale)).toBe(true)
  })
})

describe('points', () => {
  it('are found near the pointer only', () => {
    expect(nearestPoint(x, y, [9, 3.5], 2)).toBe(1)
    expect(nearestPoint(x, y, [7, 2], 1)).toBeNull()
  })

  it('are found inside a polygon', () => {
    const triangle = [
      [1, -1],
      [6, -1],
      [5, 5],
    ] as const
    expect(pointsInside(x, y, triangle)).toEqual([2])
    expect(pointsInside(x, y, [])).toEqual([])
  })

  it('give each class its middle', () => {
    expect(classMiddles(x, y, Uint8Array.of(0, 0, 0, 2), 3)).toEqual([[4, 2], null, [10, 0]])
  })
  it('stands in the larger group of a class that is torn', () => {
    const [acrossTwo, down] = [Float32Array.of(0, 1, 2, 100, 101), new Float32Array(5)]
    expect(classMiddles(acrossTwo, down, new Uint8Array(5), 1)).toEqual([[2, 0]])
  })
})
