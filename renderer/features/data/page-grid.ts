/** How pictures stand on a page, in CSS pixels. */
export interface PageGrid {
  readonly columns: number
  readonly rows: number
  /** Side of a picture. */
  readonly tile: number
  /** From one picture to the next. */
  readonly stepX: number
  readonly stepY: number
}

const gap = 8
const margin = 2

/** As many pictures as fit at about `wantedTile` pixels, stretched to fill the width, with `labelHeight` pixels below each. */
export function pageGrid(width: number, height: number, labelHeight = 18, wantedTile = 58): PageGrid {
  const inner = width - 2 * margin
  const columns = Math.max(1, Math.floor((inner + gap) / (wantedTile + gap)))
  const stepX = (inner + gap) / columns
  const tile = Math.max(1, Math.floor(stepX - gap))
  const stepY = tile + labelHeight + gap
  const rows = Math.max(1, Math.floor((height - 2 * margin + gap) / stepY))
  return { columns, rows, tile, stepX, stepY }
}
