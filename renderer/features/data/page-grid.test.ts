import { expect, it } from 'vitest'
import { pageGrid } from './page-grid'

it('fills the width and stays inside the box', () => {
  for (const [width, height] of [
    [870, 560],
    [300, 200],
    [1500, 780],
  ] as const) {
    const { columns, rows, tile, stepX, stepY } = pageGrid(width, height)
    expect((columns - 1) * stepX + tile + 4).toBeLessThanOrEqual(width)
    expect((rows - 1) * stepY + tile).toBeLessThanOrEqual(height)
    expect(width - columns * stepX).toBeLessThan(stepX)
  }
})

it('has one picture in a box without size', () => {
  expect(pageGrid(0, 0)).toMatchObject({ columns: 1, rows: 1 })
})
