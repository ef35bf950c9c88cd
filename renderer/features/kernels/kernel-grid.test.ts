import { expect, it } from 'vitest'
import { layoutSize } from '../../lib/tile-layout'
import { fileLayout, kernelLayout, kernelPainter, tileOf, tileSubject, type GridLook } from './kernel-grid'
import { differenceOf, isAlike, weightsOf, type KernelSet } from './kernel-set'

function setOf(count: number, channels: number, height = 3, width = 3): KernelSet {
  const values = Float32Array.from({ length: count * channels * height * width }, (_, i) => i)
  return { layer: 'conv', count, channels, height, width, values }
}
function lookOf(order: readonly number[], part: Partial<GridLook> = {}): GridLook {
  return { rgb: false, scale: 'common', order, ...part }
}

it('shows kernels of one channel as large as all of them fit', () => {
  const layout = kernelLayout(setOf(25, 1), false, 700, 600, 1)
  expect(layout.count).toBe(25)
  const { width, height } = layoutSize(layout)
  expect(width).toBeLessThanOrEqual(700)
  expect(height).toBeLessThanOrEqual(600)
  expect(layout.tileWidth).toBeGreaterThan(90)
})

it('shows deeper kernels as a matrix that may be scrolled, never too small to see', () => {
  const layout = kernelLayout(setOf(512, 256), false, 700, 600, 1)
  expect(layout.columns).toBe(256)
  expect(layout.tileWidth).toBe(12)
  expect(kernelLayout(setOf(512, 256), false, 700, 600, 2).tileWidth).toBe(24)
  const wide = kernelLayout(setOf(4, 8, 1, 7), false, 700, 600, 1)
  expect(wide.tileHeight).toBeLessThan(wide.tileWidth / 5)
})

it('shows three channels as one tile in colour', () => {
  const set = setOf(10, 3)
  const look = lookOf([...Array(10).keys()], { rgb: true })
  expect(kernelLayout(set, true, 700, 600, 1).count).toBe(10)
  expect(tileSubject(set, look, 4)).toEqual({ kernel: 4, channel: null })
  const tile = kernelPainter(set, look, 269, new Uint32Array(256))(0, { width: 9, height: 9 })
  // The first weights of the three channels: 0, 9 and 18 of 269.
  const bytes = [...new Uint8Array(tile.colours.buffer).subarray(0, 3)]
  expect(bytes).toEqual([0, 9, 18].map((value) => Math.round(((value + 269) / 538) * 255)))
})

it('finds a kernel’s tile again, in whatever order they stand', () => {
  const set = setOf(4, 2)
  const look = lookOf([2, 0, 3, 1])
  for (let index = 0; index < 8; index++) {
    expect(tileOf(set, look, tileSubject(set, look, index))).toBe(index)
  }
  expect(tileSubject(set, look, 3)).toEqual({ kernel: 0, channel: 1 })
})

it('paints with the layer’s scale, or with the kernel’s own', () => {
  const table = Uint32Array.from({ length: 256 }, (_, i) => i)
  const set = setOf(2, 1, 1, 2)
  const box = { width: 2, height: 1 }
  expect([...kernelPainter(set, lookOf([0, 1]), 3, table)(0, box).colours]).toEqual([128, 170])
  expect([...kernelPainter(set, lookOf([0, 1], { scale: 'own' }), 3, table)(0, box).colours]).toEqual([128, 255])
})

it('keeps a file’s weights at whole pixels, and very large layers whole', () => {
  const small = fileLayout(setOf(25, 1), false, 720)
  expect(small.tileWidth % 3).toBe(0)
  const large = fileLayout(setOf(512, 512), false, 720)
  expect(large.tileWidth).toBe(3)
  expect(large.count).toBe(512 * 512)
})

it('takes kernels, their channels and their differences apart', () => {
  const set = setOf(3, 2)
  expect([...weightsOf(set, 1, 1)]).toEqual([27, 28, 29, 30, 31, 32, 33, 34, 35])
  expect(weightsOf(set, 2)).toHaveLength(18)
  expect(differenceOf(set, set).values.every((value) => value === 0)).toBe(true)
  expect(isAlike(set, setOf(3, 2, 5, 5))).toBe(false)
})
