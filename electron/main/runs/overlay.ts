import type { Overlay, OverlayLine, SeriesQuery } from '../../../shared/ipc/organize-calls'
import { extremes } from '../../../shared/metrics/extremes'
import { axisOf, epochEnds, type RunCourse } from '../../../shared/metrics/run-axis'
import { smooth } from '../../../shared/metrics/smooth'
import type { Curve } from '../db/repositories/curves'

/** Where an overlay's runs come from. */
export interface OverlaySource {
  curve(run: string): Curve
  /** Null where there is no such run. */
  course(run: string): RunCourse | null
}

/** After so long other calls get their turn: progress of a training among them. */
const sliceMs = 12

/** The curves of many runs, each reduced to what a chart of so many columns can show. */
export async function overlay(query: SeriesQuery, source: OverlaySource): Promise<Overlay> {
  const parts = createParts()
  let began = performance.now()
  for (const id of query.ids) {
    const course = source.course(id)
    if (course) addRun(parts, id, course, source, query)
    if (performance.now() - began < sliceMs) continue
    await new Promise((resolve) => setImmediate(resolve))
    began = performance.now()
  }
  return parts.result()
}

function addRun(
  parts: ReturnType<typeof createParts>,
  id: string,
  course: RunCourse,
  source: OverlaySource,
  query: SeriesQuery,
): void {
  const { metric, axis, range, columns, smoothing, raw } = query
  const [low, high] = range ?? [-Infinity, Infinity]
  const curve = source.curve(id)
  const count = curve.loss.length
  if (metric !== 'trainLoss' && metric !== 'learningRate') {
    const x = epochEnds(axis, course, count)
    const y = Float32Array.from(course.epochs, (epoch) => {
      const score = metric === 'trainAccuracy' ? epoch.train : epoch.validation
      return (metric === 'validationLoss' ? score?.loss : score?.accuracy) ?? NaN
    })
    parts.widen(x[0], x.at(-1))
    const place = (index: number): number => x[index] ?? 0
    parts.add(id, false, y, place, extremes(y, ...windowOf(y.length, low, high, place), columns))
    return
  }
  if (count === 0) return
  const at = axisOf(axis, course, count)
  const xOf = (index: number): number => at(index + 1)
  parts.widen(xOf(0), xOf(count - 1))
  const [from, to] = windowOf(count, low, high, xOf)
  function draw(values: Float32Array, isRaw = false): void {
    parts.add(id, isRaw, values, xOf, extremes(values, from, to, columns))
  }
  if (metric === 'learningRate') {
    const [rate] = curve.learningRate
    // Both ends are enough for a line that stays level.
    if (curve.learningRate.length === 1 && rate !== undefined) parts.level(id, rate, xOf(from), xOf(to - 1))
    else draw(curve.learningRate)
    return
  }
  if (raw && smoothing > 0) draw(curve.loss, true)
  draw(smoothing > 0 ? smooth(curve.loss, smoothing) : curve.loss)
}

/** Indices `[from, to)` inside `[low, high]`, with one more on each side so that lines reach the edge. */
function windowOf(count: number, low: number, high: number, xOf: (index: number) => number): [number, number] {
  function bound(value: number): number {
    let [from, to] = [0, count]
    while (from < to) {
      const middle = (from + to) >> 1
      if (xOf(middle) < value) from = middle + 1
      else to = middle
    }
    return from
  }
  if (low === -Infinity && high === Infinity) return [0, count]
  return [Math.max(0, bound(low) - 1), Math.min(count, bound(high) + 2)]
}

function createParts() {
  const lines: OverlayLine[] = []
  let x = new Float64Array(4096)
  let y = new Float32Array(4096)
  let used = 0
  let [least, most] = [Infinity, -Infinity]

  function reserve(more: number): void {
    if (used + more <= x.length) return
    const size = Math.max(x.length * 2, used + more)
    const [widerX, widerY] = [new Float64Array(size), new Float32Array(size)]
    widerX.set(x)
    widerY.set(y)
    ;[x, y] = [widerX, widerY]
  }

  return {
    widen(from: number | undefined, to: number | undefined): void {
      if (from === undefined || to === undefined) return
      least = Math.min(least, from)
      most = Math.max(most, to)
    },
    add(run: string, raw: boolean, values: Float32Array, xOf: (index: number) => number, chosen: Int32Array): void {
      if (chosen.length === 0) return
      reserve(chosen.length)
      const start = used
      for (const index of chosen) {
        x[used] = xOf(index)
        y[used++] = values[index] ?? NaN
      }
      lines.push({ run, raw, from: start, to: used })
    },
    /** One value from `begin` to `end`. */
    level(run: string, value: number, begin: number, end: number): void {
      reserve(2)
      x.set([begin, end], used)
      y.set([value, value], used)
      lines.push({ run, raw: false, from: used, to: used + 2 })
      used += 2
    },
    result: (): Overlay => ({
      lines,
      x: x.slice(0, used),
      y: y.slice(0, used),
      domain: least <= most ? [least, most] : null,
    }),
  }
}
