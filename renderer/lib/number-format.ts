const formats = new Map<string, Intl.NumberFormat>()

/** A number format, kept: making one takes many times longer than using it. */
export function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options)
  formats.set(key, format)
  return format
}

/** Numbers as people read them, in their language. Pure: the language is given. */
export function formatInteger(value: number, locale: string): string {
  return numberFormat(locale, { maximumFractionDigits: 0 }).format(value)
}

/** Three significant digits with the language's unit: `1.33M`, `133万`. */
export function formatCompact(value: number, locale: string): string {
  if (Math.abs(value) < 10_000) return formatInteger(value, locale)
  return numberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value)
}

/** Losses, rates and weights: four significant digits, scientific below a ten-thousandth. */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  const text = size < 1e-4 || size >= 1e6 ? value.toExponential(digits - 2) : value.toPrecision(digits)
  return text.replace('e-', 'e−').replace(/^-/, '−').replace('e+', 'e')
}

/** A rate or parameter as a person would type it: no trailing zeros. */
export function formatPlain(value: number): string {
  const size = Math.abs(value)
  if (value !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential().replace('e+', 'e')
  return String(Number(value.toPrecision(12)))
}

/** `share` from 0 to 1, with two decimals: `98.94%`. */
export function formatPercent(share: number, locale: string, decimals = 2): string {
  const options = { style: 'percent', minimumFractionDigits: decimals, maximumFractionDigits: decimals } as const
  return numberFormat(locale, options).format(share)
}

/** `48s`, `3m 05s`, `2h 07m`; in Chinese `48 秒`, `3 分 05 秒`. */
export function formatDuration(seconds: number, locale: string): string {
  const chinese = locale.startsWith('zh')
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  if (h > 0) return chinese ? `${h} 小时 ${two(m)} 分` : `${h}h ${two(m)}m`
  if (m > 0) return chinese ? `${m} 分 ${two(s)} 秒` : `${m}m ${two(s)}s`
  return chinese ? `${s} 秒` : `${s}s`
}

/** Tenths where there are any, written as durations are: `1.4s`, `1.4 秒`. */
export function formatSeconds(seconds: number, locale: string): string {
  const text = numberFormat(locale, { maximumFractionDigits: 1 }).format(seconds)
  return locale.startsWith('zh') ? `${text} 秒` : `${text}s`
}

/** Today as the time alone, this year without the year. */
export function formatTime(milliseconds: number, locale: string, now: number): string {
  const date = new Date(milliseconds)
  const today = new Date(now)
  const time = { hour: '2-digit', minute: '2-digit' } as const
  if (date.toDateString() === today.toDateString()) return new Intl.DateTimeFormat(locale, time).format(date)
  const sameYear = date.getFullYear() === today.getFullYear()
  const day = { month: 'short', day: 'numeric', year: sameYear ? undefined : 'numeric' } as const
  return new Intl.DateTimeFormat(locale, { ...day, ...time }).format(date)
}

/** The number that a person typed, with a point or a comma; null where it is none. */
export function readNumber(typed: string): number | null {
  const text = typed.trim().replace(',', '.')
  const value = text === '' ? NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
