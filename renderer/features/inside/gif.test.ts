import { expect, it } from 'vitest'
import { coarseTable } from './animation'
import { createGif, exactPalette } from './gif'

/** RGBA pixels of these greys. */
function greys(...values: readonly number[]): Uint8ClampedArray {
  return Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]))
}

it('keeps up to 256 colours as they are', () => {
  const found = exactPalette(greys(7, 9, 7, 200))
  expect(found?.palette).toEqual([
    [7, 7, 7],
    [9, 9, 9],
    [200, 200, 200],
  ])
  expect([...(found?.index ?? [])]).toEqual([0, 1, 0, 2])
  const many = new Uint8ClampedArray(257 * 4).map((_, i) =>
    i % 4 === 0 ? Math.floor(i / 4) : i % 4 === 1 ? i >> 10 : 255,
  )
  expect(exactPalette(many)).toBeNull()
})

it('writes frames of their size that repeat for ever', () => {
  const gif = createGif()
  for (const grey of [10, 20]) gif.add(greys(grey, grey, 250, 250, 0, 0), 3, 2, 500)
  const bytes = gif.finish()
  const text = new TextDecoder('latin1').decode(bytes)
  expect(text.slice(0, 6)).toBe('GIF89a')
  expect([bytes[6], bytes[8]]).toEqual([3, 2])
  expect(text).toContain('NETSCAPE2.0')
  // Two graphic control extensions, each with 50 hundredths of a second.
  expect(
    text
      .split('\x21\xf9\x04')
      .slice(1)
      .map((part) => part.charCodeAt(1)),
  ).toEqual([50, 50])
  expect(bytes.at(-1)).toBe(0x3b)
})

it('draws the scale in so few colours that letters have room, its ends and middle unchanged', () => {
  const table = Uint8ClampedArray.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4)))
  const coarse = coarseTable(table)
  const colours = new Set(new Uint32Array(coarse.buffer))
  expect(colours.size).toBeLessThanOrEqual(192)
  expect([coarse[0], coarse[1020]]).toEqual([0, 255])
})
