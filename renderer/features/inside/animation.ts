import { parseColour } from '../../lib/colour'
import { createGif } from './gif'
import { drawSheet, sheetSize, type Sheet, type SheetLook } from './sheet'

/** Below what a GIF can hold, so that the heading's letters find a place in it. */
const scaleColours = 192
/** So many greys of the letters' edges. */
const inkLevels = 24

/** The signed scale in fewer steps, so that a frame's colours fit into a GIF's palette exactly. */
export function coarseTable(table: Uint8ClampedArray): Uint8ClampedArray {
  const coarse = new Uint8ClampedArray(table.length)
  for (let i = 0; i < 256; i++) {
    const step = Math.round((Math.round((i / 255) * (scaleColours - 1)) / (scaleColours - 1)) * 255)
    coarse.set(table.subarray(step * 4, step * 4 + 4), i * 4)
  }
  return coarse
}

/** Sheets of one size as an animated GIF; the last one stays four times as long. Lets the window breathe between frames. */
export async function animate(
  sheets: readonly Sheet[],
  look: SheetLook,
  milliseconds: number,
  isWanted: () => boolean,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [first] = sheets
  if (!first) return null
  const { width, height } = sheetSize(first)
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no 2D drawing here')
  const gif = createGif()
  for (const [index, sheet] of sheets.entries()) {
    drawSheet(context, sheet, look)
    const { data } = context.getImageData(0, 0, width, height)
    levelLetters(data, look)
    gif.add(data, width, height, index === sheets.length - 1 ? milliseconds * 4 : milliseconds)
    await new Promise((resolve) => setTimeout(resolve))
    if (!isWanted()) return null
  }
  return gif.finish()
}

/** The smooth edges of letters have hundreds of greys: fewer do. */
function levelLetters(data: Uint8ClampedArray, look: SheetLook): void {
  const [r, g, b] = parseColour(look.ground)
  const kept = new Set<number>([key([r, g, b], 0)])
  for (let i = 0; i < look.table.length; i += 4) kept.add(key(look.table, i))
  const step = 255 / inkLevels
  for (let i = 0; i < data.length; i += 4) {
    if (kept.has(key(data, i))) continue
    for (let c = 0; c < 3; c++) data[i + c] = Math.round((data[i + c] ?? 0) / step) * step
  }
}

function key(bytes: ArrayLike<number>, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
}
