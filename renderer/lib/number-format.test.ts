import { describe, expect, it } from 'vitest'
import {
  formatCompact,
  formatDuration,
  formatInteger,
  formatPercent,
  formatPlain,
  formatSeconds,
  formatTime,
  formatValue,
} from './number-format'
import { toCsv } from './csv'

describe('number formats', () => {
  it('counts', () => {
    expect(formatInteger(1234567, 'en')).toBe('1,234,567')
    expect(formatCompact(1333184, 'en')).toBe('1.33M')
    expect(formatCompact(1333184, 'zh-CN')).toBe('133万')
    expect(formatCompact(250, 'en')).toBe('250')
  })
  it('values', () => {
    expect(formatValue(0.123456)).toBe('0.1235')
    expect(formatValue(-0.00001234)).toBe('−1.23e−5')
    expect(formatValue(NaN)).toBe('NaN')
    expect(formatValue(0)).toBe('0')
    expect(formatPlain(0.001)).toBe('0.001')
    expect(formatPlain(1e-8)).toBe('1e-8')
  })
  it('shares', () => {
    expect(formatPercent(0.98944, 'en')).toBe('98.94%')
  })
  it('durations', () => {
    expect(formatDuration(48.2, 'en')).toBe('48s')
    expect(formatDuration(185, 'en')).toBe('3m 05s')
    expect(formatDuration(7620, 'zh-CN')).toBe('2 小时 07 分')
    expect(formatDuration(-3, 'en')).toBe('0s')
    expect(formatSeconds(1.44, 'en')).toBe('1.4s')
    expect(formatSeconds(2, 'zh-CN')).toBe('2 秒')
  })
  it('times: today shows no date', () => {
    const now = new Date(2026, 4, 3, 15, 0).getTime()
    expect(formatTime(new Date(2026, 4, 3, 9, 5).getTime(), 'en-GB', now)).toBe('09:05')
    expect(formatTime(new Date(2025, 0, 2, 9, 5).getTime(), 'en-GB', now)).toContain('2025')
  })
})

it('writes CSV with gaps', () => {
  expect(
    toCsv([
      { name: 'epoch', values: [1, 2] },
      { name: 'loss', values: [0.5, null] },
    ]),
  ).toBe('epoch,loss\n1,0.5\n2,\n')
})
