export type Rgb = readonly [number, number, number]

/** Reads `rgb(1, 2, 3)`, `rgba(...)` and `#112233`; black when it is none of these. */
export function parseColour(text: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(text.trim())
  if (hex) return [parseInt(hex[1] ?? '0', 16), parseInt(hex[2] ?? '0', 16), parseInt(hex[3] ?? '0', 16)]
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? []
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0]
}

/** `stops` spread evenly over 0 to 1; `at` outside is clamped. */
export function mixStops(stops: readonly Rgb[], at: number): Rgb {
  const place = Math.min(1, Math.max(0, Number.isFinite(at) ? at : 0.5)) * (stops.length - 1)
  const index = Math.min(stops.length - 2, Math.floor(place))
  const [a, b] = [stops[index], stops[index + 1]]
  if (!a || !b) return a ?? [0, 0, 0]
  const share = place - index
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

/** A table of 256 colours as RGBA bytes, to paint pixels from. */
export function colourTable(stops: readonly Rgb[]): Uint8ClampedArray {
  const table = new Uint8ClampedArray(256 * 4)
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = mixStops(stops, i / 255)
    table.set([r, g, b, 255], i * 4)
  }
  return table
}

/** Where `value` stands on a signed scale that reaches from `-limit` to `limit`, as an index into a colour table. */
export function signedIndex(value: number, limit: number): number {
  if (!(limit > 0) || !Number.isFinite(value)) return 128
  return Math.round((Math.min(1, Math.max(-1, value / limit)) * 0.5 + 0.5) * 255)
}

/** The largest absolute value; 0 for none. */
export function largestMagnitude(values: Float32Array): number {
  let largest = 0
  for (const value of values) {
    const magnitude = Math.abs(value)
    if (magnitude > largest && Number.isFinite(magnitude)) largest = magnitude
  }
  return largest
}
