/** Columns of equal length as CSV text with a header line. Missing values stay empty. */
export function toCsv(columns: readonly { name: string; values: ArrayLike<number | null> }[]): string {
  const lines = [columns.map((column) => column.name).join(',')]
  const length = Math.max(0, ...columns.map((column) => column.values.length))
  for (let row = 0; row < length; row++) {
    lines.push(columns.map((column) => column.values[row] ?? '').join(','))
  }
  return `${lines.join('\n')}\n`
}
