import { expect, it } from 'vitest'
import { borderMean, place, toGrey, type PixelImage } from './pixel-image'

function grey(rows: readonly (readonly number[])[]): PixelImage {
  return { height: rows.length, width: rows[0]?.length ?? 0, channels: 1, values: Float32Array.from(rows.flat()) }
}

it('makes each pixel of a smaller picture the mean of what it covers', () => {
  const image = grey([
    [0, 100, 200, 200],
    [100, 200, 200, 200],
  ])
  const small = place(image, { height: 1, width: 2 }, { scale: 0.5, left: 0, top: 0 }, 0)
  expect([...small.values]).toEqual([100, 200])
})

it('shares a pixel that lies between two, and fills the rest with the ground', () => {
  const image = grey([[80]])
  const moved = place(image, { height: 1, width: 3 }, { scale: 1, left: 0.25, top: 0 }, 8)
  expect([...moved.values]).toEqual([8 + 72 * 0.75, 8 + 72 * 0.25, 8])
})

it('enlarges without changing the sum of what is there', () => {
  const image = grey([
    [10, 20],
    [30, 40],
  ])
  const large = place(image, { height: 6, width: 6 }, { scale: 2, left: 1, top: 1 }, 0)
  expect(large.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100 * 4, 3)
  expect(large.values[2 * 6 + 2]).toBeCloseTo(10)
})

it('weighs red, green and blue as the eye does', () => {
  const image = { height: 1, width: 1, channels: 3, values: Float32Array.of(100, 50, 200) }
  expect(toGrey(image).values[0]).toBeCloseTo(0.299 * 100 + 0.587 * 50 + 0.114 * 200, 4)
})

it('takes the mean of the outermost pixels only', () => {
  const rows = [
    [1, 1, 1],
    [1, 99, 1],
    [1, 1, 1],
  ]
  expect(borderMean(grey(rows))).toBe(1)
})
