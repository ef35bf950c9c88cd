import type { DrawingContext } from '../../lib/canvas'
import { formatValue } from '../../lib/number-format'
import { readColour, readDivergingTable } from '../../lib/palette'
import { layoutSize, type TileLayout } from '../../lib/tile-layout'
import type { TileColours } from '../../lib/tiles'
import { drawNames, tilePicture } from './draw-tiles'

/** Tiles as a picture for a file, with a heading above and the scale below. One pixel to a CSS pixel. */
export interface Sheet {
  readonly heading: string
  readonly layout: TileLayout
  readonly paint: (index: number, box: { readonly width: number; readonly height: number }) => TileColours | null
  /** End of the signed scale; null where tiles have no common one. */
  readonly limit: number | null
  /** Whether nothing is below zero. */
  readonly positive?: boolean
  readonly rowName?: (row: number) => string
  readonly columnName?: (column: number) => string
}

/** Colours of the theme in force, for sheets. */
export interface SheetLook {
  readonly ground: string
  readonly ink: string
  readonly faint: string
  readonly danger: string
  readonly warn: string
  readonly table: Uint8ClampedArray
}

const margin = 16
const headingHeight = 30
const legendHeight = 40
const legendWidth = 200
const narrowest = 300

export function readSheetLook(): SheetLook {
  return {
    ground: readColour('surface'),
    ink: readColour('ink'),
    faint: readColour('ink-3'),
    danger: readColour('danger'),
    warn: readColour('warn'),
    table: readDivergingTable(),
  }
}

export function sheetSize({ layout, limit }: Sheet): { readonly width: number; readonly height: number } {
  const { width, height } = layoutSize(layout)
  return {
    width: Math.max(narrowest, Math.ceil(width) + 2 * margin),
    height: Math.ceil(height) + headingHeight + 2 * margin + (limit === null ? 0 : legendHeight),
  }
}

export function drawSheet(context: DrawingContext, sheet: Sheet, look: SheetLook): void {
  const { width, height } = sheetSize(sheet)
  context.fillStyle = look.ground
  context.fillRect(0, 0, width, height)
  context.fillStyle = look.ink
  context.font = '600 14px "Inter Variable", sans-serif'
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillText(sheet.heading, margin, margin + headingHeight / 2 - 4, width - 2 * margin)
  drawBody(context, sheet, look)
  if (sheet.limit !== null)
    drawLegend(context, sheet.limit, sheet.positive ?? false, height - margin - legendHeight + 14, look)
}

function drawBody(context: DrawingContext, { layout, paint, rowName, columnName }: Sheet, look: SheetLook): void {
  const size = layoutSize(layout)
  const view = { left: 0, top: 0, width: Math.ceil(size.width), height: Math.ceil(size.height) }
  // Through a canvas of its own: what is put as pixels replaces the ground.
  const body = new OffscreenCanvas(view.width, view.height)
  const inner = body.getContext('2d')
  if (!inner) return
  inner.putImageData(tilePicture(layout, view, 1, paint), 0, 0)
  if (rowName || columnName) {
    inner.font = '11px "Inter Variable", sans-serif'
    drawNames(inner, layout, view, { rowName, columnName, mark: undefined }, { ...look, names: look.faint })
  }
  context.drawImage(body, margin, margin + headingHeight)
}

function drawLegend(
  context: DrawingContext,
  limit: number,
  positive: boolean,
  top: number,
  { table, faint }: SheetLook,
): void {
  for (let x = 0; x < legendWidth; x++) {
    const share = x / (legendWidth - 1)
    const at = Math.round((positive ? 0.5 + share / 2 : share) * 255) * 4
    context.fillStyle = `rgb(${table[at] ?? 0}, ${table[at + 1] ?? 0}, ${table[at + 2] ?? 0})`
    context.fillRect(margin + x, top, 1, 8)
  }
  context.fillStyle = faint
  context.font = '11px "Inter Variable", sans-serif'
  context.textBaseline = 'top'
  const middle = positive ? [] : [['0', 0.5, 'center'] as const]
  for (const [text, share, align] of [
    [positive ? '0' : formatValue(-limit, 3), 0, 'left'] as const,
    ...middle,
    [formatValue(limit, 3), 1, 'right'] as const,
  ]) {
    context.textAlign = align
    context.fillText(text, margin + legendWidth * share, top + 12)
  }
}
