/**
 * Exponential moving average with its start-up bias taken out (Kingma and Ba 2015, section 3), as TensorBoard smooths.
 * `weight` from 0 (none) to below 1. Values that are not finite stay as they are and are left out of the average.
 */
export function smooth(values: Float32Array, weight: number): Float32Array {
  const out = new Float32Array(values.length)
  let mean = 0
  let correction = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN
    if (!Number.isFinite(value)) {
      out[i] = value
      continue
    }
    mean = weight * mean + (1 - weight) * value
    // Below float64's resolution the division changes nothing; going on would end in denormal numbers, which are slow.
    correction = correction < 1e-17 ? 0 : correction * weight
    out[i] = correction === 0 ? mean : mean / (1 - correction)
  }
  return out
}
