import { formatPlanValue } from '../../../shared/experiments/expand'
import type { PlanValue } from '../../../shared/experiments/plan'
import { formatPlain } from '../../lib/number-format'

// Parallel coordinates (Inselberg 1985): an axis for each parameter and metric, a line for each run.

export interface Tick {
  /** 0 at the foot of the axis, 1 at its head. */
  readonly at: number
  readonly text: string
}

export interface Axis {
  readonly key: string
  readonly label: string
  readonly scale: 'linear' | 'log' | 'category'
  readonly min: number
  readonly max: number
  /** In order, the first at the foot; for `category`. */
  readonly categories: readonly string[]
  readonly ticks: readonly Tick[]
}

/** From and to, both 0 to 1. */
export type Brush = readonly [number, number]

const whole: Brush = [0, 1]
/** Positive values further apart than this are told apart on a logarithmic axis only. */
const logFrom = 50

/** An axis through all values; null is none of them. Numbers among words, and pairs of numbers, are words too. */
export function buildAxis(
  key: string,
  label: string,
  values: readonly PlanValue[],
  write: (value: number) => string = (value) => formatPlain(Number(value.toPrecision(3))),
): Axis {
  const known = values.filter((value) => value !== null)
  const numbers = known.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (numbers.length === 0 || numbers.length < known.length) {
    const categories = distinctTexts(known)
    const ticks = categories.map((text, index) => ({ at: categoryPlace(index, categories.length), text }))
    return { key, label, scale: 'category', min: 0, max: 1, categories, ticks }
  }
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
  const scale = min > 0 && max / min >= logFrom ? 'log' : 'linear'
  const axis: Axis = { key, label, scale, min, max, categories: [], ticks: [] }
  return { ...axis, ticks: ticksOf(axis, numbers, write) }
}

/** Where a value stands on an axis, 0 to 1; null for none. */
export function place({ scale, min, max, categories }: Axis, value: PlanValue): number | null {
  if (scale === 'category') {
    const index = categories.indexOf(formatPlanValue(value))
    return index < 0 ? null : categoryPlace(index, categories.length)
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (max === min) return 0.5
  return scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
}

/** What stands at a place of an axis, for the ends of a brush. */
export function textAt(axis: Axis, at: number): string {
  if (axis.scale === 'category') {
    return axis.ticks.reduce((near, tick) => (Math.abs(tick.at - at) < Math.abs(near.at - at) ? tick : near), {
      at: Infinity,
      text: '',
    }).text
  }
  const { scale, min, max } = axis
  const value = scale === 'log' ? min * (max / min) ** at : min + at * (max - min)
  return formatPlain(Number(value.toPrecision(3)))
}

/** How far an arrow key moves the end of a brush. */
export function stepOf({ scale, categories }: Axis): number {
  return scale === 'category' ? 1 / Math.max(1, categories.length) : 0.05
}

/** Whether a line goes through all brushes. A line without a value on a brushed axis does not. */
export function passes(places: ReadonlyMap<string, number | null>, brushes: ReadonlyMap<string, Brush>): boolean {
  return [...brushes].every(([key, [from, to]]) => {
    const at = places.get(key) ?? null
    return at !== null && at >= from - 1e-9 && at <= to + 1e-9
  })
}

export function isWhole([from, to]: Brush): boolean {
  return from <= whole[0] && to >= whole[1]
}

/** An SVG path through the places, with gaps where there is none. `height` pixels between foot and head. */
export function linePath(places: readonly (number | null)[], xs: readonly number[], height: number): string {
  let pen: 'M' | 'L' = 'M'
  return places
    .flatMap((at, index) => {
      if (at === null) {
        pen = 'M'
        return []
      }
      const command = `${pen}${(xs[index] ?? 0).toFixed(1)} ${(height * (1 - at)).toFixed(1)}`
      pen = 'L'
      return [command]
    })
    .join('')
}

function categoryPlace(index: number, count: number): number {
  return (index + 0.5) / count
}

function distinctTexts(values: readonly PlanValue[]): string[] {
  return [...new Set(values.map(formatPlanValue))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** The values themselves where they are few, else five along the axis. */
function ticksOf(axis: Axis, numbers: readonly number[], write: (value: number) => string): Tick[] {
  const { scale, min, max } = axis
  const distinct = [...new Set(numbers)].sort((a, b) => a - b)
  const at =
    distinct.length <= 6
      ? distinct
      : [0, 0.25, 0.5, 0.75, 1].map((share) =>
          scale === 'log' ? min * (max / min) ** share : min + share * (max - min),
        )
  return at.map((value) => ({ at: place(axis, value) ?? 0, text: write(value) }))
}
