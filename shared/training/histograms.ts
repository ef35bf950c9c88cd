/** How values are spread: counts in bins of equal width between their extremes. */
export interface Distribution {
  /** Smallest and largest finite value; 0 where there is none. */
  readonly low: number
  readonly high: number
  readonly mean: number
  /** Standard deviation. */
  readonly deviation: number
  /** From `low` to `high`; one bin alone where they are equal. */
  readonly counts: readonly number[]
  /** NaN and infinities, which are in no bin. */
  readonly notFinite: number
}

/** One weight at the end of an epoch. */
export interface WeightDistribution {
  /** PyTorch's: `conv1.weight` */
  readonly weight: string
  readonly values: Distribution
  /** Of the loss of the epoch's last batch, by the weights as they are now; null for running statistics, which have none. */
  readonly gradient: Distribution | null
}

export interface EpochDistributions {
  /** From 1. */
  readonly epoch: number
  /** In the network's order. */
  readonly weights: readonly WeightDistribution[]
}

export const distributionBins = 40

export function distributionOf(values: Float32Array, bins = distributionBins): Distribution {
  let [low, high, sum, squares, count] = [Infinity, -Infinity, 0, 0, 0]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
    sum += value
    count++
  }
  const notFinite = values.length - count
  if (count === 0) return { low: 0, high: 0, mean: 0, deviation: 0, counts: [0], notFinite }
  const mean = sum / count
  const width = high - low
  const counts = Array<number>(width > 0 ? bins : 1).fill(0)
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    squares += (value - mean) ** 2
    const bin = width > 0 ? Math.min(bins - 1, Math.floor(((value - low) / width) * bins)) : 0
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { low, high, mean, deviation: Math.sqrt(squares / count), counts, notFinite }
}

/**
 * The counts of a distribution in `bins` others of equal width from `low` to `high`, as if each of its bins were filled
 * evenly; what lies outside is left out.
 */
export function rebinned(from: Distribution, low: number, high: number, bins: number): Float64Array {
  const found = new Float64Array(bins)
  const width = (high - low) / bins
  if (!(width > 0)) return found
  const own = (from.high - from.low) / from.counts.length
  from.counts.forEach((count, index) => {
    if (count === 0) return
    const [start, end] = [from.low + index * own, from.low + (index + 1) * own]
    const [first, last] = [(start - low) / width, (end - low) / width]
    if (last - first < 1e-9) {
      const bin = Math.min(bins - 1, Math.floor(first))
      if (bin >= 0 && first <= bins) found[bin] = (found[bin] ?? 0) + count
      return
    }
    for (let bin = Math.max(0, Math.floor(first)); bin < Math.min(bins, Math.ceil(last)); bin++) {
      const share = (Math.min(last, bin + 1) - Math.max(first, bin)) / (last - first)
      found[bin] = (found[bin] ?? 0) + count * Math.max(0, share)
    }
  })
  return found
}
