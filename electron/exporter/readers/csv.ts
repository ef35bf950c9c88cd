/** The rows of a CSV text by the names in its first line (RFC 4180, without quoted fields, which numbers never need). */
export function parseCsv(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (cells.length !== names.length) throw new Error(`a line has ${cells.length} cells in place of ${names.length}`)
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
  })
}
