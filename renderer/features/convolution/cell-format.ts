/** A number for a small cell: whole ones as they are, others with two or three digits. Minus signs are as wide as digits. */
export function formatCell(value: number): string {
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (size >= 1000) return signed(value.toExponential(size >= 1e10 ? 0 : 1).replace('e+', 'e'))
  const typed = Number(value.toFixed(2))
  // Whole numbers, and those that someone typed.
  if (typed === value && String(size).length <= 4) return signed(String(value))
  const decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0
  const text = value.toFixed(decimals)
  // Rounded to nothing it would still carry its sign.
  return Number(text) === 0 ? '0.00' : signed(text)
}

/** The same with up to seven digits, for where there is room. */
export function formatLong(value: number): string {
  if (!Number.isFinite(value)) return formatCell(value)
  const plain = Number(value.toPrecision(7))
  const size = Math.abs(plain)
  const text = plain !== 0 && (size < 1e-4 || size >= 1e7) ? plain.toExponential().replace('e+', 'e') : String(plain)
  return signed(text.replace('e-', 'e−'))
}

/** In brackets where it would follow an operator with its sign. */
export function formatFactor(value: number): string {
  return value < 0 ? `(${formatCell(value)})` : formatCell(value)
}

function signed(text: string): string {
  return text.replace(/^-/, '−').replace('e-', 'e−')
}

/** How many characters the longest of these numbers takes. */
export function longestText(values: Float64Array, most = 4096): number {
  let longest = 1
  const step = Math.max(1, Math.ceil(values.length / most))
  for (let at = 0; at < values.length; at += step) longest = Math.max(longest, formatCell(values[at] ?? 0).length)
  return longest
}
