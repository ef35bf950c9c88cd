import { describe, expect, it } from 'vitest'
import { sampleKernels } from '../../testing/samples'
import { fitGrid, kernelTiles } from './kernel-tiles'

describe('fitGrid', () => {
  it('makes 25 kernels 5 × 5 in a square and near it', () => {
    expect(fitGrid(25, 300, 300, 5)).toMatchObject({ columns: 5, rows: 5, tile: 56 })
    expect(fitGrid(25, 206, 240, 5)).toMatchObject({ columns: 5, rows: 5 })
  })
  it('stays inside the box', () => {
    for (const [count, width, height] of [
      [7, 400, 90],
      [50, 230, 300],
      [1, 80, 20],
    ] as const) {
      const { columns, rows, tile, gap } = fitGrid(count, width, height, 5)
      expect(columns * tile + (columns - 1) * gap).toBeLessThanOrEqual(width)
      expect(rows * tile + (rows - 1) * gap).toBeLessThanOrEqual(height)
      expect(columns * rows).toBeGreaterThanOrEqual(count)
    }
  })
})

describe('kernelTiles', () => {
  it('gives each kernel its values', () => {
    const kernels = sampleKernels(0.5)
    const tiles = kernelTiles(kernels)
    expect(tiles.count).toBe(25)
    expect([...tiles.values(24)]).toEqual([...kernels.values.slice(-9)])
  })
  it('gives each input channel its own tile, and at most 256', () => {
    const tiles = kernelTiles({ layer: 'c', shape: [50, 25, 1, 1], values: new Float32Array(1250) })
    expect(tiles.count).toBe(256)
    expect(tiles.place(26)).toEqual({ kernel: 1, channel: 1 })
  })
})
