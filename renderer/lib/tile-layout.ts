/** Tiles in rows of `columns`, in CSS pixels. */
export interface TileLayout {
  readonly count: number
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
  readonly gap: number
  /** Left of the tiles, for the rows' names. */
  readonly gutter: number
  /** Above them, for the columns' names. */
  readonly head: number
}

export interface TilePlace {
  readonly index: number
  /** Within the tile, from 0 to below 1. */
  readonly across: number
  readonly down: number
}

export function tileRows({ count, columns }: TileLayout): number {
  return Math.ceil(count / Math.max(1, columns))
}

/** What all tiles need. */
export function layoutSize(layout: TileLayout): { readonly width: number; readonly height: number } {
  const { columns, tileWidth, tileHeight, gap, gutter, head, count } = layout
  const used = Math.min(columns, count)
  const rows = tileRows(layout)
  return {
    width: gutter + Math.max(0, used * (tileWidth + gap) - gap),
    height: head + Math.max(0, rows * (tileHeight + gap) - gap),
  }
}

export function tileCorner(layout: TileLayout, index: number): { readonly x: number; readonly y: number } {
  const { columns, tileWidth, tileHeight, gap, gutter, head } = layout
  return {
    x: gutter + (index % columns) * (tileWidth + gap),
    y: head + Math.floor(index / columns) * (tileHeight + gap),
  }
}

/** Still within a tile of up to 4,096 cells. */
const lastPlace = 1 - 1 / 4096

/** The tile at a place, and where in it; a gap belongs to the tile before it. */
export function tileAt(layout: TileLayout, x: number, y: number): TilePlace | null {
  const { columns, tileWidth, tileHeight, gap, gutter, head, count } = layout
  const column = Math.floor((x - gutter) / (tileWidth + gap))
  const row = Math.floor((y - head) / (tileHeight + gap))
  const across = Math.min(lastPlace, (x - gutter - column * (tileWidth + gap)) / tileWidth)
  const down = Math.min(lastPlace, (y - head - row * (tileHeight + gap)) / tileHeight)
  const index = row * columns + column
  if (x < gutter || y < head || column >= columns || index >= count) return null
  return { index, across, down }
}

/** The rows of tiles, `[first, last]`, that a window from `top` on of `height` shows. */
export function visibleRows(layout: TileLayout, top: number, height: number): readonly [number, number] {
  const step = layout.tileHeight + layout.gap
  const first = Math.max(0, Math.floor((top - layout.head) / step))
  const last = Math.min(tileRows(layout) - 1, Math.floor((top + height - layout.head) / step))
  return [first, last]
}

/** The same of columns. */
export function visibleColumns(layout: TileLayout, left: number, width: number): readonly [number, number] {
  const step = layout.tileWidth + layout.gap
  const first = Math.max(0, Math.floor((left - layout.gutter) / step))
  const last = Math.min(layout.columns - 1, Math.floor((left + width - layout.gutter) / step))
  return [first, last]
}

/** How many tiles stand in a row of `width`. */
export function columnsIn(width: number, tile: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (tile + gap)))
}
