/** Packed pixels (`Uint32Array`, the canvas's own byte order) or indexes into a palette (`Uint8Array`), row by row. */
export interface Raster<Pixels extends Uint32Array | Uint8Array = Uint32Array | Uint8Array> {
  readonly width: number
  readonly height: number
  readonly pixels: Pixels
}

/** In whole pixels of the raster; what lies outside of it is cut off. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How numbers become colours: 256 entries of `table` spread from `low` to `high`. */
export interface ColourScale {
  readonly table: ArrayLike<number>
  readonly low: number
  readonly high: number
}

/** A table of RGBA bytes as packed pixels. */
export function packColours(table: Uint8ClampedArray): Uint32Array {
  return new Uint32Array(new Uint8ClampedArray(table).buffer)
}

/** The colour for a value; what is not finite gets the middle one. */
export function colourOf(value: number, { table, low, high }: ColourScale): number {
  const share = high > low ? (value - low) / (high - low) : 0.5
  const place = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0.5
  return table[Math.round(place * 255)] ?? 0
}

/** Colours of `rows × columns` values from `offset` on; smaller ones than `mostRows × mostColumns` by means of blocks. */
export interface TileColours {
  readonly rows: number
  readonly columns: number
  readonly colours: Uint32Array
}

/** Values as colours. More of them than the box has pixels are averaged first, so that thin lines do not vanish. */
export function tileColours(
  values: Float32Array,
  { offset, rows, columns }: { readonly offset: number; readonly rows: number; readonly columns: number },
  scale: ColourScale,
  box: { readonly width: number; readonly height: number },
): TileColours {
  const [down, across] = [blockOf(rows, box.height), blockOf(columns, box.width)]
  const [fewRows, fewColumns] = [Math.ceil(rows / down), Math.ceil(columns / across)]
  const colours = new Uint32Array(fewRows * fewColumns)
  for (let y = 0; y < fewRows; y++) {
    for (let x = 0; x < fewColumns; x++) {
      const value =
        down === 1 && across === 1
          ? (values[offset + y * columns + x] ?? 0)
          : meanOf(
              values,
              offset,
              columns,
              [y * down, Math.min(rows, (y + 1) * down)],
              [x * across, Math.min(columns, (x + 1) * across)],
            )
      colours[y * fewColumns + x] = colourOf(value, scale)
    }
  }
  return { rows: fewRows, columns: fewColumns, colours }
}

/** How many values go into one, so that at most `pixels` are left. */
function blockOf(count: number, pixels: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, pixels)))
}

function meanOf(
  values: Float32Array,
  offset: number,
  columns: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): number {
  let sum = 0
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += values[offset + y * columns + x] ?? 0
  }
  return sum / ((bottom - top) * (right - left))
}

/** Three planes of values, red, green and blue, as packed pixels; each value from `low` to `high`. */
export function rgbColours(
  values: Float32Array,
  { offset, rows, columns }: { readonly offset: number; readonly rows: number; readonly columns: number },
  { low, high }: { readonly low: number; readonly high: number },
): TileColours {
  const size = rows * columns
  const bytes = new Uint8ClampedArray(size * 4)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) {
      const share = high > low ? ((values[offset + c * size + i] ?? 0) - low) / (high - low) : 0.5
      bytes[i * 4 + c] = share * 255
    }
    bytes[i * 4 + 3] = 255
  }
  return { rows, columns, colours: new Uint32Array(bytes.buffer) }
}

/** Paints a tile as sharp cells over a box. */
export function paintTile(raster: Raster, box: Box, { rows, columns, colours }: TileColours): void {
  const { width, height, pixels } = raster
  const right = Math.min(width, box.x + box.width)
  const bottom = Math.min(height, box.y + box.height)
  for (let y = Math.max(0, box.y); y < bottom; y++) {
    const row = Math.floor(((y - box.y) * rows) / box.height) * columns
    const line = y * width
    for (let x = Math.max(0, box.x); x < right; x++) {
      pixels[line + x] = colours[row + Math.floor(((x - box.x) * columns) / box.width)] ?? 0
    }
  }
}
