/**
 * Indices of at most `2 · columns` values that draw like all of `[from, to)`: the smallest and the largest of each column of
 * pixels, in their own order, so that no spike is lost. Values that are not finite are left out.
 */
export function extremes(values: Float32Array, from: number, to: number, columns: number): Int32Array {
  const count = to - from
  const found = new Int32Array(Math.max(0, Math.min(count, columns * 2)))
  let used = 0
  if (count <= columns * 2) {
    for (let i = from; i < to; i++) if (Number.isFinite(values[i])) found[used++] = i
    return found.subarray(0, used)
  }
  for (let column = 0; column < columns; column++) {
    const start = from + Math.floor((column * count) / columns)
    const end = from + Math.floor(((column + 1) * count) / columns)
    let smallest = -1
    let largest = -1
    let low = Infinity
    let high = -Infinity
    for (let i = start; i < end; i++) {
      const value = values[i] as number
      if (value < low && value !== -Infinity) {
        low = value
        smallest = i
      }
      if (value > high && value !== Infinity) {
        high = value
        largest = i
      }
    }
    if (smallest < 0 || largest < 0) continue
    found[used++] = Math.min(smallest, largest)
    if (smallest !== largest) found[used++] = Math.max(smallest, largest)
  }
  return found.subarray(0, used)
}
