import { rebinned, type Distribution } from '../../../shared/training/histograms'

/** The distributions of one weight, or of its gradient, as a picture: a column an epoch, a row a stretch of values. */
export interface Strip {
  readonly low: number
  readonly high: number
  readonly columns: number
  readonly rows: number
  /** `[rows, columns]` from the highest value down: the share of the column's fullest row, 0 to 1. */
  readonly shares: Float32Array
  /** Values in each, as many as fall into it if bins are filled evenly. */
  readonly counts: Float64Array
}

/** Deviations around the mean that are drawn; what few values lie further out would leave the others a line. */
const drawnDeviations = 4

export function stripOf(epochs: readonly Distribution[], rows: number): Strip {
  const [low, high] = rangeOf(epochs)
  const columns = epochs.length
  const shares = new Float32Array(rows * columns)
  const counts = new Float64Array(rows * columns)
  for (const [column, distribution] of epochs.entries()) {
    const bins = rebinned(distribution, low, high, rows)
    const fullest = bins.reduce((a, b) => Math.max(a, b), 0)
    for (const [bin, count] of bins.entries()) {
      const at = (rows - 1 - bin) * columns + column
      counts[at] = count
      shares[at] = fullest > 0 ? count / fullest : 0
    }
  }
  return { low, high, columns, rows, shares, counts }
}

/** The stretch of values that holds all epochs, or what of it lies near their means. */
function rangeOf(epochs: readonly Distribution[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const { low: least, high: most, mean, deviation } of epochs) {
    low = Math.min(low, Math.max(least, mean - drawnDeviations * deviation))
    high = Math.max(high, Math.min(most, mean + drawnDeviations * deviation))
  }
  if (!(high > low)) {
    const centre = Number.isFinite(low) ? low : 0
    const half = Math.max(1e-6, Math.abs(centre) / 10)
    return [centre - half, centre + half]
  }
  return [low, high]
}
