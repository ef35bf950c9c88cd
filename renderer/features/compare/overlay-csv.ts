import type { Overlay } from '../../../shared/ipc/organize-calls'
import { toCsv } from '../../lib/csv'

interface Row {
  readonly run: string
  readonly x: number
  readonly value: number | null
  readonly smoothed: number | null
}

/**
 * Curves as a table of one row a point: the run's id and name, its place on the axis, and the value; where curves are
 * smoothed, beside it the smoothed one, in a column that says by how much.
 */
export function overlayCsv(
  overlay: Overlay,
  names: ReadonlyMap<string, string>,
  { axis, metric, smoothing }: { readonly axis: string; readonly metric: string; readonly smoothing: number },
): string {
  const rows = rowsOf(overlay, smoothing > 0)
  return toCsv([
    { name: 'run', values: rows.map(({ run }) => run) },
    { name: 'name', values: rows.map(({ run }) => names.get(run) ?? '') },
    { name: axis, values: rows.map(({ x }) => Number(x.toPrecision(10))) },
    { name: metric, values: rows.map(({ value }) => written(value)) },
    ...(smoothing > 0
      ? [{ name: `${metric}_smoothed_${smoothing}`, values: rows.map(({ smoothed }) => written(smoothed)) }]
      : []),
  ])
}

function written(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(8))
}

/** In the runs' order, each in that of its axis. Values before and after smoothing meet where they are of one step. */
function rowsOf({ lines, x, y }: Overlay, isSmoothed: boolean): Row[] {
  const runs = [...new Set(lines.map(({ run }) => run))]
  return runs.flatMap((run) => {
    const found = new Map<number, Row>()
    for (const line of lines) {
      if (line.run !== run) continue
      for (let i = line.from; i < line.to; i++) {
        const [at, value] = [x[i] ?? NaN, y[i] ?? NaN]
        const known = found.get(at) ?? { run, x: at, value: null, smoothed: null }
        found.set(at, isSmoothed && !line.raw ? { ...known, smoothed: value } : { ...known, value })
      }
    }
    return [...found.values()].sort((a, b) => a.x - b.x)
  })
}
