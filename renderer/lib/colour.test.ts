import { describe, expect, it } from 'vitest'
import { colourTable, largestMagnitude, mixStops, parseColour, signedIndex } from './colour'

describe('parseColour', () => {
  it('reads what computed styles give', () => {
    expect(parseColour('rgb(1, 22, 255)')).toEqual([1, 22, 255])
    expect(parseColour('#0a10ff')).toEqual([10, 16, 255])
  })
})

describe('mixStops', () => {
  it('hits the stops and lies halfway between', () => {
    const stops = [
      [0, 0, 0],
      [100, 50, 0],
      [200, 200, 200],
    ] as const
    expect(mixStops(stops, 0)).toEqual([0, 0, 0])
    expect(mixStops(stops, 0.25)).toEqual([50, 25, 0])
    expect(mixStops(stops, 1)).toEqual([200, 200, 200])
    expect(mixStops(stops, 7)).toEqual([200, 200, 200])
  })
})

describe('the signed scale', () => {
  it('puts zero in the middle and the limits at the ends', () => {
    expect(signedIndex(0, 2)).toBe(128)
    expect(signedIndex(-2, 2)).toBe(0)
    expect(signedIndex(5, 2)).toBe(255)
    expect(signedIndex(NaN, 2)).toBe(128)
    expect(signedIndex(1, 0)).toBe(128)
  })
  it('finds the largest magnitude', () => {
    expect(largestMagnitude(new Float32Array([1, -3, NaN, 2]))).toBe(3)
  })
})

it('tables have 256 colours', () => {
  const table = colourTable([
    [0, 0, 0],
    [255, 255, 255],
  ])
  expect([...table.slice(0, 4)]).toEqual([0, 0, 0, 255])
  expect([...table.slice(-4)]).toEqual([255, 255, 255, 255])
})
