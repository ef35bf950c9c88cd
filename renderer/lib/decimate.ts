import { extremes } from '../../shared/metrics/extremes'

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

/** At most `2 · columns` points that draw like all of `[from, to)`; see `extremes`. */
export function decimate(x: Int32Array, y: Float32Array, from: number, to: number, columns: number): Point[] {
  return Array.from(extremes(y, from, to, columns), (index) => ({ x: x[index] ?? 0, y: y[index] ?? 0 }))
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
