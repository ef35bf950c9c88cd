type Cell = string | number | null

/** Columns of equal length as CSV text with a header line (RFC 4180). Missing values stay empty. */
export function toCsv(columns: readonly { name: string; values: ArrayLike<Cell> }[]): string {
  const lines = [columns.map((column) => cell(column.name)).join(',')]
  const length = Math.max(0, ...columns.map((column) => column.values.length))
  for (let row = 0; row < length; row++) {
    lines.push(columns.map((column) => cell(column.values[row] ?? '')).join(','))
  }
  return `${lines.join('\n')}\n`
}

function cell(value: string | number): string {
  if (typeof value === 'number' || !/[",\r\n]/.test(value)) return String(value)
  return `"${value.replaceAll('"', '""')}"`
}
