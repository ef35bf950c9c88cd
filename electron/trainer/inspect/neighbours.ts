import { multiplyTransposed } from '../engines/eager/kernels/gemm'

/** Rows compared with all others in one go. */
const block = 64

export interface Neighbours {
  /** Of each row its nearest rows, itself first, the nearest ones next: `[rows][count]`. */
  readonly indices: number[][]
  /** Euclidean. */
  readonly distances: number[][]
}

/** Compares every row of `[rows, length]` values with every other, exactly. Gives how many rows are done after each block. */
export function* nearest(values: Float32Array, rows: number, count: number): Generator<number, Neighbours, undefined> {
  const length = values.length / rows
  const squares = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let at = row * length; at < (row + 1) * length; at++) sum += values[at]! ** 2
    return sum
  })
  const indices: number[][] = []
  const distances: number[][] = []
  const products = new Float32Array(block * rows)
  for (let first = 0; first < rows; first += block) {
    const own = Math.min(block, rows - first)
    multiplyTransposed(values.subarray(first * length, (first + own) * length), values, products, [own, rows, length])
    for (let at = 0; at < own; at++) {
      const row = first + at
      const distance = (other: number) => squares[row]! + squares[other]! - 2 * products[at * rows + other]!
      const found = smallest(rows, count - 1, (other) => (other === row ? Infinity : distance(other)))
      indices.push([row, ...found])
      distances.push([0, ...found.map((other) => Math.sqrt(Math.max(0, distance(other))))])
    }
    yield first + own
  }
  return { indices, distances }
}

/** The `count` numbers below `size` with the smallest values, in that order; of equal ones the smaller number first. */
function smallest(size: number, count: number, valueOf: (index: number) => number): number[] {
  const found: number[] = []
  const values: number[] = []
  for (let index = 0; index < size; index++) {
    const value = valueOf(index)
    if (value === Infinity || (found.length === count && value >= values[count - 1]!)) continue
    let at = found.length
    while (at > 0 && values[at - 1]! > value) at--
    found.splice(at, 0, index)
    values.splice(at, 0, value)
    if (found.length > count) {
      found.pop()
      values.pop()
    }
  }
  return found
}
