export type Pointwise = 'add' | 'subtract' | 'multiply'

/**
 * `a [outer, repeats, inner]` with `b [outer, inner]` joined to each of its values. tfjs works out the position of every
 * single value where `b` repeats, which takes thirty times as long.
 */
export function pointwise(operation: Pointwise, a: Float32Array, b: Float32Array, inner: number): Float32Array {
  const result = new Float32Array(a.length)
  const block = a.length / (b.length / inner)
  for (let start = 0, from = 0; start < a.length; start += inner) {
    if (start > 0 && start % block === 0) from += inner
    switch (operation) {
      case 'add':
        for (let i = 0; i < inner; i++) result[start + i] = a[start + i]! + b[from + i]!
        break
      case 'subtract':
        for (let i = 0; i < inner; i++) result[start + i] = a[start + i]! - b[from + i]!
        break
      case 'multiply':
        for (let i = 0; i < inner; i++) result[start + i] = a[start + i]! * b[from + i]!
        break
    }
  }
  return result
}

/**
 * How many values of `b` lie one behind the other before they repeat, where its shape is `a`'s with ones in a row of axes:
 * one value per channel, per example, per example and channel. Null for any other shape.
 */
export function innerLength(a: readonly number[], b: readonly number[]): number | null {
  const missing = a.length - b.length
  const sizeAt = (axis: number) => (axis < missing ? 1 : b[axis - missing])
  let axis = a.length - 1
  let inner = 1
  for (; axis >= 0 && sizeAt(axis) === a[axis]; axis--) inner *= a[axis]!
  while (axis >= 0 && sizeAt(axis) === 1) axis--
  while (axis >= 0 && sizeAt(axis) === a[axis]) axis--
  return missing >= 0 && axis < 0 ? inner : null
}

/** `[outer, repeats, inner]` summed to `[outer, inner]`, in double precision. */
export function sumRepeats(values: Float32Array, repeats: number, inner: number): Float32Array {
  const result = new Float32Array(values.length / repeats)
  const sums = new Float64Array(inner)
  for (let to = 0, start = 0; to < result.length; to += inner) {
    sums.fill(0)
    for (let row = 0; row < repeats; row++, start += inner) {
      for (let i = 0; i < inner; i++) sums[i]! += values[start + i]!
    }
    result.set(sums, to)
  }
  return result
}
