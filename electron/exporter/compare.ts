import type { OutputsProof } from '../../shared/exports/exports'

/** Of the largest output, what rounding in float32 may add up to in a deep network. */
const relativeTolerance = 1e-4

/** Compares outputs value by value; one that is not a number agrees only with another. */
export function compareOutputs(
  found: Float32Array,
  expected: Float32Array,
): Pick<OutputsProof, 'largestDifference' | 'largestOutput' | 'tolerance' | 'agrees'> {
  let largestDifference = found.length === expected.length ? 0 : Infinity
  let largestOutput = 0
  for (let at = 0; at < expected.length; at++) {
    const a = found[at] ?? NaN
    const b = expected[at] ?? NaN
    if (Number.isNaN(a) && Number.isNaN(b)) continue
    const difference = a === b ? 0 : Math.abs(a - b)
    largestDifference = Number.isNaN(difference) ? Infinity : Math.max(largestDifference, difference)
    largestOutput = Math.max(largestOutput, Math.abs(b))
  }
  const tolerance = relativeTolerance * Math.max(1, largestOutput)
  return { largestDifference, largestOutput, tolerance, agrees: largestDifference <= tolerance }
}
