import { pointAt, type OverlayedLine } from '../../charts/overlay'

/** What one run has at a place of the axis. */
export interface ReadValue {
  readonly run: string
  readonly name: string
  readonly colour: string
  readonly dash: readonly number[]
  /** Where its nearest point is: epochs of different runs end at different steps. */
  readonly x: number
  readonly y: number
  /** Before smoothing; null where that is not shown. */
  readonly raw: number | null
}

/** The values of all runs at `x`, the largest first. Beyond its ends a line is read as far as `reach`. */
export function readValues(lines: readonly OverlayedLine[], x: number, reach: number): ReadValue[] {
  const raws = new Map(lines.filter(({ isRaw }) => isRaw).map(({ run, points }) => [run, points]))
  return lines
    .flatMap(({ run, name, colour, dash, points, isRaw }) => {
      const point = isRaw ? null : pointAt(points, x, reach)
      if (!point) return []
      const raw = pointAt(raws.get(run) ?? [], x, reach)
      // A rate that stays level is known by its ends alone.
      const isLevel = points.length === 2 && points[0]?.y === points[1]?.y
      const at = isLevel ? Math.min(points[1]?.x ?? x, Math.max(points[0]?.x ?? x, x)) : point.x
      return [{ run, name, colour, dash, x: at, y: point.y, raw: raw?.x === point.x ? raw.y : null }]
    })
    .sort((a, b) => b.y - a.y)
}

/** The run whose value is nearest to `y` as the chart shows it; null where there is none. */
export function nearestTo(values: readonly ReadValue[], y: number, log: boolean): string | null {
  const height = log ? Math.log : (value: number): number => value
  const far = (value: ReadValue): number => Math.abs(height(value.y) - height(y))
  const found = values.filter((value) => Number.isFinite(far(value))).sort((a, b) => far(a) - far(b))[0]
  return found?.run ?? null
}

/** At most `most` of them, those around `run` or else the first. */
export function around(values: readonly ReadValue[], run: string | null, most: number): readonly ReadValue[] {
  const at = Math.max(
    0,
    values.findIndex((value) => value.run === run),
  )
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), values.length - most))
  return values.slice(from, from + most)
}
