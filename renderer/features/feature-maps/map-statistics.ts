export interface MapStatistics {
  readonly mean: number
  readonly standardDeviation: number
  readonly min: number
  readonly max: number
  /** Share of values that are exactly 0, 0 to 1. */
  readonly zeros: number
}

export function mapStatistics(values: Float32Array): MapStatistics {
  let [sum, squares, zeros] = [0, 0, 0]
  let [min, max] = [Infinity, -Infinity]
  for (const value of values) {
    sum += value
    squares += value * value
    min = Math.min(min, value)
    max = Math.max(max, value)
    if (value === 0) zeros++
  }
  const count = Math.max(1, values.length)
  const mean = sum / count
  return {
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    min,
    max,
    zeros: zeros / count,
  }
}
