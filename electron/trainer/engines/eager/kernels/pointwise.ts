export type Pointwise = 'add' | 'subtract' | 'multiply'

/**
 * `a` with `b` joined to each of its values. `b` is as long as `a`, or repeats: one value, or one per channel of the last
 * axis. tfjs works out the position of every single value in the latter case, which takes thirty times as long.
 */
export function pointwise(operation: Pointwise, a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length)
  const period = b.length
  for (let start = 0; start < a.length; start += period) {
    switch (operation) {
      case 'add':
        for (let i = 0; i < period; i++) result[start + i] = a[start + i]! + b[i]!
        break
      case 'subtract':
        for (let i = 0; i < period; i++) result[start + i] = a[start + i]! - b[i]!
        break
      case 'multiply':
        for (let i = 0; i < period; i++) result[start + i] = a[start + i]! * b[i]!
        break
    }
  }
  return result
}

/** `[rows, columns]` summed to `[columns]`, in double precision. */
export function sumRows(values: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns)
  for (let start = 0; start < values.length; start += columns) {
    for (let column = 0; column < columns; column++) sums[column]! += values[start + column]!
  }
  return Float32Array.from(sums)
}
