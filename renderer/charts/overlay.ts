import type { Scale } from 'chart.js'
import type { Point } from '../lib/decimate'
import { readColour, withAlpha } from '../lib/palette'
import type { ChartScale, LineDataset } from './options'

export interface OverlayScale extends ChartScale {
  /** Seconds, written as clocks are. */
  readonly isTime: boolean
  /** The shortest stretch of x to zoom into. */
  readonly leastRange: number
  /** Whether each point is a measurement of its own, to be seen as one. */
  readonly hasDots: boolean
}

/** Where the curves of a chart are, in pixels of its canvas. */
export interface PlotArea {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A place that is read: in the window, in pixels, and what the axis of values says there; null by the keyboard. */
export interface ReadPlace {
  readonly x: number
  readonly y: number
  readonly value: number | null
}

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

/** All lines of a colour as one of no run, with gaps between them: a chart spends more on each line than on its points. */
export function crowdDatasets(lines: readonly OverlayedLine[]): OverlayedLine[] {
  const byColour = new Map<string, OverlayedLine>()
  for (const line of lines) {
    const key = `${line.colour} ${line.isRaw}`
    const joined = byColour.get(key) ?? { ...line, run: '', points: [] }
    byColour.set(key, joined)
    for (const point of line.points) joined.points.push(point)
    joined.points.push({ x: line.points.at(-1)?.x ?? 0, y: NaN })
  }
  return [...byColour.values()]
}

/** How lines become datasets in the colours in force, which are read once each. */
export function createLineLook() {
  const colours = new Map<string, string>()
  function colourOf(token: string): string {
    const known = colours.get(token) ?? readColour(token)
    colours.set(token, known)
    return known
  }

  function toDataset(line: OverlayedLine, count: number, emphasis: string | null, hasDots: boolean): LineDataset {
    const { run, points, colour, dash, isRaw } = line
    const isCrowd = count > crowd && run !== emphasis
    const known = colourOf(colour)
    // The colours of a crowd lie over each other as wholes.
    const alpha = (isRaw ? 0.22 : isCrowd ? 0.45 : 1) * (emphasis === null || run === emphasis ? 1 : 0.25)
    const drawn = alpha < 1 ? withAlpha(known, alpha) : known
    return {
      data: points,
      // Of a crowd the points are not in order, which Chart.js finds out only while it parses them.
      ...(isCrowd ? { parsing: { xAxisKey: 'x', yAxisKey: 'y' } } : {}),
      borderColor: drawn,
      backgroundColor: drawn,
      borderWidth: isRaw || isCrowd ? 1 : run === emphasis ? 2.6 : 1.8,
      // Among so many nobody tells dashes apart, and they are slow to draw.
      borderDash: isRaw || isCrowd ? [] : [...dash],
      pointRadius: hasDots && count <= 24 && points.length <= 40 && !isRaw ? 2 : 0,
      pointHitRadius: 0,
      pointBorderWidth: 0,
      tension: 0,
      // Before all others.
      order: run === emphasis ? 0 : 1,
    }
  }

  return {
    datasets(lines: readonly OverlayedLine[], emphasis: string | null, hasDots: boolean): LineDataset[] {
      const isCrowd = lines.length > crowd
      const drawn = isCrowd ? [...crowdDatasets(lines), ...lines.filter(({ run }) => run === emphasis)] : lines
      return drawn.map((line) => toDataset(line, lines.length, emphasis, hasDots))
    },
  }
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

export function layoutOf(x: Scale | undefined, y: Scale | undefined): ChartLayout | null {
  if (!x || !y) return null
  const read = ({ min, max, ticks }: Scale): AxisLayout => ({
    min,
    max,
    ticks: ticks.flatMap(({ value, label }) =>
      typeof label === 'string' && label !== '' ? [{ value, text: label }] : [],
    ),
  })
  return { x: read(x), y: read(y) }
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
