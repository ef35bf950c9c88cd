export interface WeightBin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Odd, so that the middle one holds what is near zero. */
const binCount = 41

/** Values counted in bins of equal width from `-limit` to `limit`; what lies outside counts at the ends. */
export function weightBins(values: Float32Array, limit: number): readonly WeightBin[] {
  const width = (2 * limit) / binCount
  const counts = new Uint32Array(binCount)
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    const bin = width > 0 ? Math.floor((value + limit) / width) : (binCount - 1) / 2
    const at = Math.min(binCount - 1, Math.max(0, bin))
    counts[at] = (counts[at] ?? 0) + 1
  }
  return Array.from(counts, (count, index) => ({
    from: -limit + index * width,
    to: -limit + (index + 1) * width,
    count,
  }))
}
