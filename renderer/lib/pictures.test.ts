import { describe, expect, it } from 'vitest'
import { colourTable } from './colour'
import { pictureBytes, pictureRgba } from './pictures'

const grey = {
  count: 2,
  shape: [1, 2, 1] as const,
  images: new Uint8Array([0, 255, 255, 0]),
  labels: new Uint8Array([0, 1]),
}

describe('pictureRgba', () => {
  it('paints one channel from the table', () => {
    const table = colourTable([
      [10, 20, 30],
      [200, 210, 220],
    ])
    expect([...pictureRgba(grey, 1, table)]).toEqual([200, 210, 220, 255, 10, 20, 30, 255])
  })

  it('keeps three channels as they are', () => {
    const colour = { count: 1, shape: [1, 1, 3] as const, images: new Uint8Array([1, 2, 3]), labels: new Uint8Array(1) }
    expect([...pictureRgba(colour, 0, new Uint8ClampedArray(1024))]).toEqual([1, 2, 3, 255])
  })
})

it('finds the bytes of one picture', () => {
  expect([...pictureBytes(grey, 1)]).toEqual([255, 0])
})
