export interface Point {
  x: number
  y: number
}

/** Indices `[from, to)` of the ascending `x` inside `[low, high]`, with one more on each side so that lines reach the edge. */
export function visibleRange(x: Int32Array, low: number, high: number): [number, number] {
  const from = Math.max(0, lowerBound(x, low) - 1)
  const to = Math.min(x.length, lowerBound(x, high) + 2)
  return [from, to]
}

/**
 * At most `2 · columns` points that draw like all of `[from, to)`: the smallest and the largest of each column of pixels, in
 * their own order, so that no spike is lost. Values that are not finite are left out.
 */
export function decimate(x: Int32Array, y: Float32Array, from: number, to: number, columns: number): Point[] {
  const points: Point[] = []
  const count = to - from
  if (count <= columns * 2) {
    for (let i = from; i < to; i++) add(points, x, y, i)
    return points
  }
  for (let column = 0; column < columns; column++) {
    const start = from + Math.floor((column * count) / columns)
    const end = from + Math.floor(((column + 1) * count) / columns)
    let [smallest, largest] = [-1, -1]
    let [low, high] = [Infinity, -Infinity]
    for (let i = start; i < end; i++) {
      const value = y[i] ?? NaN
      if (value < low) [low, smallest] = [value, i]
      if (value > high) [high, largest] = [value, i]
    }
    if (smallest < 0 || largest < 0) continue
    add(points, x, y, Math.min(smallest, largest))
    if (smallest !== largest) add(points, x, y, Math.max(smallest, largest))
  }
  return points
}

/** The first index whose `x` is not below `value`. */
export function lowerBound(x: Int32Array, value: number): number {
  let [low, high] = [0, x.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function add(points: Point[], x: Int32Array, y: Float32Array, index: number): void {
  const value = y[index] ?? NaN
  if (Number.isFinite(value)) points.push({ x: x[index] ?? 0, y: value })
}
