import {
  formatCompact,
  formatDuration,
  formatInteger,
  formatPercent,
  formatSeconds,
  formatTime,
  numberFormat,
} from '../lib/number-format'
import { locale } from './text'

/** The number formats in the window's language. */
export function integer(value: number): string {
  return formatInteger(value, locale.value)
}
export function compact(value: number): string {
  return formatCompact(value, locale.value)
}
export function percent(share: number, decimals = 2): string {
  return formatPercent(share, locale.value, decimals)
}
export function duration(seconds: number): string {
  return formatDuration(seconds, locale.value)
}
/** Below a minute, with tenths: `1.4s`, `1.4 秒`. */
export function seconds(value: number): string {
  return formatSeconds(value, locale.value)
}
export function time(milliseconds: number): string {
  return formatTime(milliseconds, locale.value, Date.now())
}
export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = count < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(count) / 10))
  const options = { style: 'unit', unit: units[power] ?? 'byte', maximumSignificantDigits: 3 } as const
  return numberFormat(locale.value, options).format(count / 1024 ** power)
}
