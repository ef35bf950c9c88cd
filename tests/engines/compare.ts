import type { NamedTensors } from '../../shared/formats/tensors'
import type { GoldenTensor } from '../golden/read'

/** Below this PyTorch's float64 value is zero in exact arithmetic, as is the gradient of a bias that BatchNorm removes. */
const vanishing = 1e-13
/** What an engine may give where the exact value is zero: rounding of float32. */
const rounding = 1e-6

/**
 * Largest `|actual - expected|` over the largest `|expected|`. NaN anywhere gives infinity, as does more than `noise` where
 * zero is expected.
 */
export function relativeDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  noise: number = rounding,
): number {
  let difference = 0
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] ?? NaN
    const b = expected[i] ?? NaN
    if (Number.isNaN(a) || Number.isNaN(b)) return Infinity
    difference = Math.max(difference, Math.abs(a - b))
    largest = Math.max(largest, Math.abs(b))
  }
  if (largest < vanishing) return difference <= noise ? 0 : Infinity
  return difference / largest
}

/**
 * A line for every tensor that is missing, unknown, of another shape, or further than `tolerance` from PyTorch's. `noise` is
 * what a tensor of zeros may hold.
 */
export function differences(
  actual: NamedTensors,
  expected: ReadonlyMap<string, GoldenTensor>,
  tolerance: number,
  noise: number = rounding,
): string[] {
  const lines: string[] = []
  for (const [name, golden] of expected) {
    const found = actual.get(name)
    if (!found) lines.push(`${name} is missing`)
    else if (found.shape.join() !== golden.shape.join()) {
      lines.push(`${name} has shape [${found.shape.join()}], PyTorch [${golden.shape.join()}]`)
    } else lines.push(...valueDifferences(name, found.values, golden, tolerance, noise))
  }
  for (const name of actual.keys()) if (!expected.has(name)) lines.push(`${name} is unknown to PyTorch`)
  return lines
}

export function valueDifferences(
  name: string,
  actual: Float32Array,
  golden: GoldenTensor,
  tolerance: number,
  noise: number = rounding,
): string[] {
  const lines: string[] = []
  const relative = relativeDifference(sampled(actual, golden.values.length), golden.values, noise)
  if (relative > tolerance)
    lines.push(`${name} differs by ${relative.toExponential(2)} (relative to its largest value)`)
  if (golden.absSum !== null) {
    const sum = actual.reduce((total, value) => total + Math.abs(value), 0)
    const off = relativeDifference([sum], [golden.absSum], noise * actual.length)
    if (!(off <= tolerance)) lines.push(`${name} differs by ${off.toExponential(2)} in the sum of its absolute values`)
  }
  return lines
}

function sampled(values: Float32Array, count: number): Float32Array {
  if (values.length === count) return values
  return Float32Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)] ?? NaN)
}

/** Names of the tensors of `actual` that are not bit for bit those of `expected`, and of those that only one side has. */
export function unequalWeights(actual: NamedTensors, expected: NamedTensors): string[] {
  const names = new Set([...actual.keys(), ...expected.keys()])
  return [...names].filter((name) => {
    const [a, b] = [actual.get(name), expected.get(name)]
    return !a || !b || a.shape.join() !== b.shape.join() || !bytesOf(a.values).equals(bytesOf(b.values))
  })
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}
