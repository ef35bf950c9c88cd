/** `[rows, columns]` to `[columns, rows]`; into `target` where given. */
export function transposed(
  values: Float32Array,
  rows: number,
  columns: number,
  target = new Float32Array(rows * columns),
): Float32Array {
  // In tiles, so that the rows being read and the rows being written both stay in the cache.
  const tile = 32
  for (let row0 = 0; row0 < rows; row0 += tile) {
    const rowEnd = Math.min(row0 + tile, rows)
    for (let column0 = 0; column0 < columns; column0 += tile) {
      const columnEnd = Math.min(column0 + tile, columns)
      for (let row = row0; row < rowEnd; row++) {
        for (let column = column0; column < columnEnd; column++) {
          target[column * rows + row] = values[row * columns + column]!
        }
      }
    }
  }
  return target
}
