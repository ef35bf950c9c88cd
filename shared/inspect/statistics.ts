/** Of values as they lie. */
export interface Statistics {
  readonly mean: number
  /** Biased: of these values, not of what they are a sample of. */
  readonly standardDeviation: number
  readonly min: number
  readonly max: number
  /** Share of values that are exactly 0, 0 to 1. */
  readonly zeros: number
}

export function statisticsOf(values: Float32Array): Statistics {
  const count = Math.max(1, values.length)
  let [sum, min, max, zeros] = [0, Infinity, -Infinity, 0]
  // By index: many values, and iterators cost several times as much.
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    sum += value
    if (value < min) min = value
    if (value > max) max = value
    if (value === 0) zeros++
  }
  const mean = sum / count
  let squares = 0
  for (let at = 0; at < values.length; at++) squares += (values[at]! - mean) ** 2
  return { mean, standardDeviation: Math.sqrt(squares / count), min, max, zeros: zeros / count }
}
