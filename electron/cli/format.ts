/** Rows of cells as aligned columns, two spaces apart. Numbers (`right`) end where their column ends. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
) {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? ''
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function formatLoss(value: number | null | undefined): string {
  return value == null ? '' : value.toFixed(4)
}

/** `98.94 %` */
export function formatShare(value: number | null | undefined): string {
  return value == null ? '' : `${(100 * value).toFixed(2)} %`
}

/** `0:07`, `12:30`, `1:02:03` */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** `2026-01-31 12:30`, local time. */
export function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** `[########------------]` */
export function formatBar(share: number, width = 20): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * width)
  return `[${'#'.repeat(done)}${'-'.repeat(width - done)}]`
}
