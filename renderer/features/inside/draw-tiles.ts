import type { DrawingContext } from '../../lib/canvas'
import { tileCorner, visibleColumns, visibleRows, type TileLayout } from '../../lib/tile-layout'
import { paintTile, type Raster, type TileColours } from '../../lib/tiles'

/** `dead`: hardly any weight; `twin`: much the same as another. */
export type TileMark = 'dead' | 'twin'

/** The part of the tiles that is seen, in CSS pixels. */
export interface TileView {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The tiles that are seen, as one picture with `ratio` pixels to a CSS pixel; clear where there is no tile. */
export function tilePicture(
  layout: TileLayout,
  view: TileView,
  ratio: number,
  paint: (index: number, box: { width: number; height: number }) => TileColours | null,
): ImageData {
  const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)]
  const raster: Raster<Uint32Array> = { width, height, pixels: new Uint32Array(width * height) }
  const [firstRow, lastRow] = visibleRows(layout, view.top, view.height)
  const [firstColumn, lastColumn] = visibleColumns(layout, view.left, view.width)
  const box = { width: Math.round(layout.tileWidth * ratio), height: Math.round(layout.tileHeight * ratio) }
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const index = row * layout.columns + column
      const colours = index < layout.count ? paint(index, box) : null
      if (!colours) continue
      const { x, y } = tileCorner(layout, index)
      const corner = { x: Math.round((x - view.left) * ratio), y: Math.round((y - view.top) * ratio) }
      paintTile(raster, { ...corner, ...box }, colours)
    }
  }
  return new ImageData(new Uint8ClampedArray(raster.pixels.buffer as ArrayBuffer), width, height)
}

/** The same, onto a canvas of the view's size; gives what it drew. */
export function drawTiles(
  context: DrawingContext,
  layout: TileLayout,
  view: TileView,
  paint: (index: number, box: { width: number; height: number }) => TileColours | null,
): ImageData {
  const picture = tilePicture(layout, view, context.canvas.width / view.width, paint)
  context.putImageData(picture, 0, 0)
  return picture
}

/** Writes into the tiles that are seen, dark on bright and bright on dark. */
export function drawTexts(
  context: DrawingContext,
  layout: TileLayout,
  view: TileView,
  picture: ImageData,
  text: (index: number) => string,
): void {
  const [firstRow, lastRow] = visibleRows(layout, view.top, view.height)
  const [firstColumn, lastColumn] = visibleColumns(layout, view.left, view.width)
  const ratio = picture.width / view.width
  context.font = `${Math.max(9, Math.min(13, layout.tileWidth / 4.2))}px "Inter Variable", sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const index = row * layout.columns + column
      if (index >= layout.count) continue
      const corner = tileCorner(layout, index)
      const [x, y] = [corner.x - view.left, corner.y - view.top]
      const [left, top] = [Math.round((x + 2) * ratio), Math.round((y + 2) * ratio)]
      const pixel = (Math.max(0, top) * picture.width + Math.max(0, left)) * 4
      const [r = 0, g = 0, b = 0] = picture.data.subarray(pixel, pixel + 3)
      context.fillStyle = 0.299 * r + 0.587 * g + 0.114 * b > 112 ? '#15171c' : '#f4f5f7'
      context.fillText(text(index), x + layout.tileWidth / 2, y + layout.tileHeight / 2, layout.tileWidth - 2)
    }
  }
}

interface MarkColours {
  readonly danger: string
  readonly warn: string
  readonly ground: string
}

/** A badge whose upper right corner is at `x` and `y`: a cross for dead, two bars for twins. */
export function drawMark(context: DrawingContext, x: number, y: number, mark: TileMark, colours: MarkColours): void {
  const side = 12
  context.fillStyle = colours.ground
  context.fillRect(x - side, y, side, side)
  context.strokeStyle = mark === 'dead' ? colours.danger : colours.warn
  context.lineWidth = 1.75
  context.beginPath()
  const [left, right, upper, lower] = [x - side + 3, x - 3, y + 3, y + side - 3]
  if (mark === 'dead') {
    context.moveTo(left, upper)
    context.lineTo(right, lower)
    context.moveTo(right, upper)
    context.lineTo(left, lower)
  } else {
    for (const line of [upper + 1.25, lower - 1.25]) {
      context.moveTo(left, line)
      context.lineTo(right, line)
    }
  }
  context.stroke()
}

export interface TileNames {
  readonly rowName: ((row: number) => string) | undefined
  readonly columnName: ((column: number) => string) | undefined
  /** By row. */
  readonly mark: ((row: number) => TileMark | null) | undefined
}

/** Names of rows and columns, which stay while the tiles scroll under them. */
export function drawNames(
  context: DrawingContext,
  layout: TileLayout,
  view: TileView,
  { rowName, columnName, mark }: TileNames,
  colours: MarkColours & { readonly names: string },
): void {
  const { gutter, head, tileWidth, tileHeight, gap } = layout
  context.fillStyle = colours.ground
  context.fillRect(0, 0, gutter, view.height)
  context.fillRect(0, 0, view.width, head)
  context.textBaseline = 'middle'
  if (rowName) {
    const [first, last] = visibleRows(layout, view.top, view.height)
    // Where rows are lower than text, not each is named.
    const every = Math.max(1, Math.ceil(13 / (tileHeight + gap)))
    for (let row = first; row <= last; row++) {
      const y = head + row * (tileHeight + gap) - view.top
      if (y + tileHeight / 2 < head) continue
      const found = mark?.(row) ?? null
      if (found) drawMark(context, 12, y + tileHeight / 2 - 6, found, colours)
      if (row % every !== 0) continue
      context.fillStyle = colours.names
      context.textAlign = 'right'
      context.fillText(rowName(row), gutter - 6, y + tileHeight / 2)
    }
  }
  if (!columnName) return
  const [first, last] = visibleColumns(layout, view.left, view.width)
  const every = Math.max(1, Math.ceil(24 / (tileWidth + gap)))
  context.fillStyle = colours.names
  context.textAlign = 'center'
  for (let column = first; column <= last; column++) {
    const x = gutter + column * (tileWidth + gap) - view.left + tileWidth / 2
    if (x < gutter || column % every !== 0) continue
    context.fillText(columnName(column), x, head / 2)
  }
}
