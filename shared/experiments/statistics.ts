/** Of a sample. */
export interface Spread {
  readonly count: number
  readonly mean: number
  /** Of the sample (divided by `count - 1`); null for a single value. */
  readonly deviation: number | null
}

/** Mean and standard deviation; null where there is nothing. Values that are no numbers are left out. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
  const count = known.length
  if (count === 0) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / count
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null }
}
