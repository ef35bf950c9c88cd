import type { Point } from '../lib/decimate'

/** One run's line among others. */
export interface OverlayedLine {
  readonly run: string
  readonly name: string
  readonly points: Point[]
  /** A token's name. */
  readonly colour: string
  readonly dash: readonly number[]
  /** Faint, under the smoothed one. */
  readonly isRaw: boolean
}

/** More lines than this are drawn as a crowd. */
export const crowd = 60

/** All lines of a colour as one, with gaps between them: a chart spends more on each line than on its points. */
export function crowdDatasets(lines: readonly OverlayedLine[]): OverlayedLine[] {
  const byColour = new Map<string, OverlayedLine>()
  for (const line of lines) {
    const key = `${line.colour} ${line.isRaw}`
    const joined = byColour.get(key) ?? { ...line, points: [] }
    byColour.set(key, joined)
    for (const point of line.points) joined.points.push(point)
    joined.points.push({ x: line.points.at(-1)?.x ?? 0, y: NaN })
  }
  return [...byColour.values()]
}

interface AxisLayout {
  readonly min: number
  readonly max: number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
}

/** Axes as a chart shows them. */
export interface ChartLayout {
  readonly x: AxisLayout
  readonly y: AxisLayout
}

/** The point of a line that is nearest to `x`; null outside of it. Points are in order. */
export function pointAt(points: readonly Point[], x: number, reach: number): Point | null {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.x ?? 0) < x) low = middle + 1
    else high = middle
  }
  const [before, after] = [points[low - 1], points[low]]
  const nearest = !before ? after : !after || x - before.x < after.x - x ? before : after
  if (!nearest) return null
  // Between two points the line goes on; beyond its ends only as far as the pointer is broad.
  const isInside = before !== undefined && after !== undefined
  return isInside || Math.abs(nearest.x - x) <= reach ? nearest : null
}
