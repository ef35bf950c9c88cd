import { signedIndex } from '../../lib/colour'

/** How numbers become colours: signed ones around zero, others from `low` to `high`. */
export type HeatScale =
  | { readonly type: 'signed'; readonly limit: number }
  | { readonly type: 'range'; readonly low: number; readonly high: number }

/** RGBA bytes, a pixel a value. `table` has 256 colours. */
export function heatPixels(
  values: Float64Array,
  scale: HeatScale,
  table: Uint8ClampedArray,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4)
  for (let i = 0; i < values.length; i++) {
    const at = colourIndex(values[i] ?? 0, scale) * 4
    out.set(table.subarray(at, at + 4), i * 4)
  }
  return out
}

function colourIndex(value: number, scale: HeatScale): number {
  if (scale.type === 'signed') return signedIndex(value, scale.limit)
  if (!(scale.high > scale.low)) return 0
  return Math.round(Math.min(1, Math.max(0, (value - scale.low) / (scale.high - scale.low))) * 255)
}

/** The signed scale that holds all of these. */
export function signedScale(values: Float64Array): HeatScale {
  return { type: 'signed', limit: largestOf(values) }
}

/** The largest absolute value; 0 for none. */
export function largestOf(values: Float64Array): number {
  let largest = 0
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value)
  return largest
}
