import { expect, it } from 'vitest'
import { blurred, shifted } from './blur'

const size = { height: 2, width: 3, channels: 2 }
const picture = Float32Array.from({ length: 12 }, (_, at) => at)

it('moves a picture around its edges, and back', () => {
  expect([...shifted(picture, size, 1, 1)]).toEqual([10, 11, 6, 7, 8, 9, 4, 5, 0, 1, 2, 3])
  expect(shifted(shifted(picture, size, 1, -2), size, -1, 2)).toEqual(picture)
})

it('leaves an even picture as it is', () => {
  const even = new Float32Array(12).fill(0.25)
  for (const value of blurred(even, size, 1.3)) expect(value).toBeCloseTo(0.25, 6)
})

it('spreads a single pixel as the normal distribution', () => {
  const wide = { height: 1, width: 9, channels: 1 }
  const point = new Float32Array(9)
  point[4] = 1
  const spread = blurred(point, wide, 1)
  expect(spread[5]! / spread[4]!).toBeCloseTo(Math.exp(-0.5), 5)
  expect(spread[6]! / spread[4]!).toBeCloseTo(Math.exp(-2), 5)
  expect(spread.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
})
