import { expect, it } from 'vitest'
import { fitPicture, isOnBrightGround } from './fit-picture'
import type { PixelImage } from './pixel-image'

const digit = { height: 28, width: 28, channels: 1 } as const

/** A bar of ink on paper, in RGB. */
function bar(ink: number, paper: number): PixelImage {
  const [height, width] = [100, 60]
  const values = new Float32Array(height * width * 3).fill(paper)
  for (let y = 10; y < 50; y++) {
    for (let x = 5; x < 15; x++) values.fill(ink, (y * width + x) * 3, (y * width + x) * 3 + 3)
  }
  return { height, width, channels: 3, values }
}

function massOf(bytes: Uint8Array) {
  let [mass, x, y, top, bottom] = [0, 0, 0, 28, -1]
  bytes.forEach((value, i) => {
    mass += value
    x += value * ((i % 28) + 0.5)
    y += value * (Math.floor(i / 28) + 0.5)
    if (value > 30) [top, bottom] = [Math.min(top, Math.floor(i / 28)), Math.floor(i / 28)]
  })
  return { x: x / mass, y: y / mass, height: bottom - top + 1 }
}

it('puts ink where MNIST has it: 20 pixels tall, its centre of mass in the middle', () => {
  const bytes = fitPicture(bar(0, 255), digit, { invert: true, centre: true })
  const { x, y, height } = massOf(bytes)
  expect(bytes).toHaveLength(784)
  expect(height).toBe(20)
  expect(x).toBeCloseTo(14, 1)
  expect(y).toBeCloseTo(14, 1)
  expect(Math.max(...bytes)).toBe(255)
})

it('shows a picture whole, on its own ground, where it is not centred', () => {
  const bytes = fitPicture(bar(255, 40), digit, { invert: false, centre: false })
  // 100 tall fills all 28 rows; 60 wide leaves 5.6 columns at each side.
  expect(bytes[14 * 28]).toBe(40)
  expect(bytes[3 * 28 + 8]).toBe(255)
  expect(bytes[20 * 28 + 14]).toBe(40)
})

it('keeps the colours where the network takes three, and repeats grey where it takes more', () => {
  const red: PixelImage = { height: 1, width: 1, channels: 3, values: Float32Array.of(200, 10, 20) }
  const options = { invert: false, centre: true }
  expect([...fitPicture(red, { height: 1, width: 1, channels: 3 }, options)]).toEqual([200, 10, 20])
  const grey: PixelImage = { height: 1, width: 1, channels: 1, values: Float32Array.of(77) }
  expect([...fitPicture(grey, { height: 1, width: 1, channels: 3 }, options)]).toEqual([77, 77, 77])
})

it('leaves an empty pad empty', () => {
  const empty: PixelImage = { height: 56, width: 56, channels: 1, values: new Float32Array(56 * 56) }
  expect(fitPicture(empty, digit, { invert: false, centre: true }).every((value) => value === 0)).toBe(true)
})

it('tells paper from a dark ground', () => {
  expect(isOnBrightGround(bar(0, 230))).toBe(true)
  expect(isOnBrightGround(bar(255, 20))).toBe(false)
})
