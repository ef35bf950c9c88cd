import type { Overlay } from '../../../shared/ipc/organize-calls'
import { toCsv } from '../../lib/csv'

/** Curves as a table of one row a point: the run's id and name, its place on the axis, and the value. */
export function overlayCsv(
  { lines, x, y }: Overlay,
  names: ReadonlyMap<string, string>,
  axis: string,
  metric: string,
): string {
  const run: string[] = []
  const name: string[] = []
  const place: number[] = []
  const value: number[] = []
  for (const line of lines) {
    for (let i = line.from; i < line.to; i++) {
      run.push(line.run)
      name.push(names.get(line.run) ?? '')
      place.push(Number((x[i] ?? NaN).toPrecision(10)))
      value.push(Number((y[i] ?? NaN).toPrecision(8)))
    }
  }
  return toCsv([
    { name: 'run', values: run },
    { name: 'name', values: name },
    { name: axis, values: place },
    { name: metric, values: value },
  ])
}
