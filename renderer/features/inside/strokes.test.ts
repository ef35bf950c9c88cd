import { expect, it } from 'vitest'
import { breadthOf, drawStrokes } from './strokes'

it('draws a line as broad as the pen, with round ends', () => {
  const line = [
    { x: 0.25, y: 0.5, breadth: 0.1 },
    { x: 0.75, y: 0.5, breadth: 0.1 },
  ]
  const { values } = drawStrokes([line], 100, 100)
  const at = (x: number, y: number) => values[y * 100 + x] ?? -1
  expect(at(50, 50)).toBe(255)
  expect(at(50, 46)).toBe(255)
  expect(at(50, 40)).toBe(0)
  // The end is round: the corner of the square around it stays empty.
  expect(at(78, 50)).toBe(255)
  expect(at(79, 45)).toBe(0)
  const ink = values.reduce((sum, value) => sum + value / 255, 0)
  expect(ink).toBeGreaterThan(50 * 10 + Math.PI * 25 - 12)
  expect(ink).toBeLessThan(50 * 10 + Math.PI * 25 + 12)
})

it('draws a dot for a touch, and nothing twice as bright where strokes cross', () => {
  const dot = [{ x: 0.5, y: 0.5, breadth: 0.4 }]
  const once = drawStrokes([dot], 20, 20)
  expect(once.values[10 * 20 + 10]).toBe(255)
  expect(drawStrokes([dot, dot], 20, 20).values).toEqual(once.values)
})

it('stays on a sheet that is not square, and lets strokes leave it', () => {
  const { values } = drawStrokes([[{ x: 1.5, y: 0.1, breadth: 0.2 }]], 10, 40)
  expect(values.every((value) => value === 0)).toBe(true)
})

it('makes the pen broader under pressure, where there is any to feel', () => {
  expect(breadthOf(0.1, 0.5, true)).toBeCloseTo(0.1)
  expect(breadthOf(0.1, 1, true)).toBeGreaterThan(breadthOf(0.1, 0.2, true))
  expect(breadthOf(0.1, 0, false)).toBe(0.1)
})
