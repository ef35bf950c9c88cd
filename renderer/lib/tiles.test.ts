import { expect, it } from 'vitest'
import { colourOf, packColours, paintTile, rgbColours, tileColours } from './tiles'

/** The place in the table itself, so that a colour tells its value. */
const table = Uint32Array.from({ length: 256 }, (_, i) => i)
const scale = { table, low: -1, high: 1 }

it('spreads values over the table and holds what is outside at its ends', () => {
  expect([-1, 0, 1, -7, 9].map((value) => colourOf(value, scale))).toEqual([0, 128, 255, 0, 255])
  expect(colourOf(NaN, scale)).toBe(128)
  expect(colourOf(3, { table, low: 0, high: 0 })).toBe(128)
})

it('paints cells as large as they fit, sharp, and cuts at the edges', () => {
  const raster = { width: 5, height: 3, pixels: new Uint32Array(15) }
  const tile = { rows: 1, columns: 2, colours: Uint32Array.of(7, 9) }
  paintTile(raster, { x: 1, y: -1, width: 6, height: 3 }, tile)
  expect([...raster.pixels]).toEqual([0, 7, 7, 7, 9, 0, 7, 7, 7, 9, 0, 0, 0, 0, 0])
})

it('reads a tile from its offset', () => {
  const values = Float32Array.of(9, 9, -1, 1, 0, 1)
  const { colours, rows, columns } = tileColours(values, { offset: 2, rows: 2, columns: 2 }, scale, {
    width: 8,
    height: 8,
  })
  expect([rows, columns]).toEqual([2, 2])
  expect([...colours]).toEqual([0, 255, 128, 255])
})

it('averages blocks where a box has fewer pixels than values', () => {
  const values = Float32Array.of(1, -1, 1, 1, -1, 1, 1, 1)
  const { colours, rows, columns } = tileColours(values, { offset: 0, rows: 2, columns: 4 }, scale, {
    width: 2,
    height: 1,
  })
  expect([rows, columns]).toEqual([1, 2])
  expect([...colours]).toEqual([128, 255])
})

it('mixes three planes into one colour', () => {
  const values = Float32Array.of(1, -1, 0, 0, -1, 1)
  const { colours } = rgbColours(values, { offset: 0, rows: 1, columns: 2 }, { low: -1, high: 1 })
  expect([...new Uint8Array(colours.buffer)]).toEqual([255, 128, 0, 255, 0, 128, 255, 255])
})

it('packs colours in the order that canvases have', () => {
  const bytes = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255)
  expect([...new Uint8Array(packColours(bytes).buffer)]).toEqual([...bytes])
})
