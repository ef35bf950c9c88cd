import { shownPath } from './paths.mjs'

/**
 * Lays rows out under headings, each column as wide as its widest cell.
 * @param {readonly string[]} headings
 * @param {readonly (readonly string[])[]} rows
 */
export function layTable(headings, rows) {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? '').length)))
  const lines = [headings, widths.map((width) => '-'.repeat(width)), ...rows]
  return lines
    .map((cells) =>
      widths
        .map((width, i) => (cells[i] ?? '').padEnd(width))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/**
 * What is there and what is missing, for people.
 * @param {readonly { part: import('./part.mjs').Part, status: import('./part.mjs').Status }[]} found
 */
export function statusTable(found) {
  return layTable(
    ['part', 'version', 'state', 'from', 'path'],
    found.map(({ part, status }) => [
      part.title,
      status.version || '-',
      status.present ? 'present' : part.purpose ? `missing (for ${part.purpose})` : 'missing',
      status.from || '-',
      status.path ? shownPath(status.path) : '-',
    ]),
  )
}
