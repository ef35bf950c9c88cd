import { columnsIn, type TileLayout } from '../../lib/tile-layout'
import type { MapRow } from './map-rows'

/** At most so many values of one layer are asked for at once: 1 MB. */
const mostValues = 262_144
/** What one page of `activations` may hold. */
const mostChannels = 1024
const gap = 4
const featureTile = { width: 9, height: 16, gap: 1 } as const

/** How one page of a layer's maps stands in a row of `width`, each map `tile` wide. */
export interface MapPageLayout {
  /** Channels a page holds at most. */
  readonly size: number
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
  readonly gap: number
}

export function mapPageLayout(row: MapRow, width: number, tile: number, rowsShown: number): MapPageLayout {
  const isFlat = row.height === 1 && row.width === 1
  const tileWidth = isFlat ? featureTile.width : tile
  const tileHeight = isFlat ? featureTile.height : Math.max(4, Math.round((tile * row.height) / row.width))
  const between = isFlat ? featureTile.gap : gap
  const columns = columnsIn(width, tileWidth, between)
  const fitting = Math.max(1, Math.floor(mostValues / (row.height * row.width)))
  const size = Math.min(row.channels, columns * rowsShown, mostChannels, fitting)
  return { size, columns: Math.min(columns, size), tileWidth, tileHeight, gap: between }
}

/** The tiles of the page that begins at channel `first`. */
export function mapTiles(page: MapPageLayout, channels: number, first: number): TileLayout {
  const { columns, tileWidth, tileHeight, gap: between, size } = page
  const count = Math.max(0, Math.min(size, channels - first))
  return { count, columns, tileWidth, tileHeight, gap: between, gutter: 0, head: 0 }
}
