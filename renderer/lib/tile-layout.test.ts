import { expect, it } from 'vitest'
import { columnsIn, layoutSize, tileAt, tileCorner, visibleColumns, visibleRows } from './tile-layout'

const layout = { count: 7, columns: 3, tileWidth: 10, tileHeight: 20, gap: 2, gutter: 30, head: 15 } as const

it('measures all tiles with their names', () => {
  expect(layoutSize(layout)).toEqual({ width: 30 + 34, height: 15 + 64 })
  expect(layoutSize({ ...layout, count: 0 })).toEqual({ width: 30, height: 15 })
})

it('finds at each tile’s corner just that tile', () => {
  for (let index = 0; index < layout.count; index++) {
    const { x, y } = tileCorner(layout, index)
    expect(tileAt(layout, x, y)).toEqual({ index, across: 0, down: 0 })
    expect(tileAt(layout, x + 5, y + 10)).toEqual({ index, across: 0.5, down: 0.5 })
  }
})

it('counts a gap to the tile before it, but finds nothing beside the tiles and behind the last', () => {
  const inGap = tileAt(layout, 30 + 11, 20)
  expect(inGap?.index).toBe(0)
  expect(Math.floor((inGap?.across ?? 0) * 28)).toBe(27)
  expect(tileAt(layout, 29, 20)).toBeNull()
  expect(tileAt(layout, 40, 14)).toBeNull()
  expect(tileAt(layout, 30 + 36, 20)).toBeNull()
  expect(tileAt(layout, 30 + 12, 15 + 44)).toBeNull()
})

it('knows which rows and columns a window shows', () => {
  expect(visibleRows(layout, 0, 30)).toEqual([0, 0])
  expect(visibleRows(layout, 20, 40)).toEqual([0, 2])
  expect(visibleColumns(layout, 13, 40)).toEqual([0, 1])
  expect(visibleColumns(layout, 0, 500)).toEqual([0, 2])
})

it('fits at least one tile into any width', () => {
  expect(columnsIn(100, 10, 2)).toBe(8)
  expect(columnsIn(3, 10, 2)).toBe(1)
})
