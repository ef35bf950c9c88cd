import { describe, expect, it } from 'vitest'
import { classicCase } from '../../../shared/convolution/classic'
import { settingsOf, settingsProblem, type ConvolutionSettings } from '../../../shared/convolution/settings'
import { formatCell, formatFactor, formatLong, longestText } from './cell-format'
import { ruleFormulas, sizeFormula } from './formulas'

const classic = settingsOf(classicCase())
const change = (part: Partial<ConvolutionSettings>): ConvolutionSettings => ({ ...classic, ...part })

describe('sizeFormula', () => {
  it.each<[string, Partial<ConvolutionSettings>, 0 | 1, string, string]>([
    ['the classic case', {}, 0, '(H + 2P − K) / S + 1', '(5 + 2 · 1 − 3) / 2 + 1 = 3'],
    ['no padding', { padding: { top: 0, bottom: 0, left: 0, right: 0 } }, 1, '(W − K) / S + 1', '(5 − 3) / 2 + 1 = 2'],
    [
      'dilation, and a stride that leaves rows over',
      { height: 9, dilation: [2, 1], stride: [4, 1] },
      0,
      '⌊(H + 2P − (D · (K − 1) + 1)) / S⌋ + 1',
      '⌊(9 + 2 · 1 − (2 · (3 − 1) + 1)) / 4⌋ + 1 = ⌊1.5⌋ + 1 = 2',
    ],
    [
      'sides that differ',
      { padding: { top: 1, bottom: 1, left: 2, right: 0 } },
      1,
      '(W + P₁ + P₂ − K) / S + 1',
      '(5 + 2 + 0 − 3) / 2 + 1 = 3',
    ],
  ])('writes %s', (_what, part, axis, symbols, numbers) => {
    expect(sizeFormula(change(part), axis)).toEqual({ symbols, numbers })
  })
})

describe('ruleFormulas', () => {
  it.each<[Partial<ConvolutionSettings>, readonly string[]]>([
    [{ groups: 2, filters: 4 }, ['C mod G = 3 mod 2 = 1 ≠ 0']],
    [{ groups: 3, filters: 4 }, ['F mod G = 4 mod 3 = 1 ≠ 0']],
    [{ kernel: [8, 3] }, ['K = 8 > 7 = 5 + 2 · 1 = H + 2P']],
    [
      { kernel: [5, 4], dilation: [2, 3], padding: { top: 0, bottom: 0, left: 1, right: 2 } },
      [
        'D · (K − 1) + 1 = 2 · (5 − 1) + 1 = 9 > 5 = H',
        'D · (K − 1) + 1 = 3 · (4 − 1) + 1 = 10 > 8 = 5 + 1 + 2 = W + P₁ + P₂',
      ],
    ],
    [
      { height: 512, width: 512, channels: 64, filters: 64 },
      ['F · H′ · W′ · C/G · K · K = 64 · 256 · 256 · 64 · 3 · 3 = 2415919104'],
    ],
  ])('writes what is broken by %o', (part, lines) => {
    const settings = change(part)
    expect(ruleFormulas(settingsProblem(settings)?.rule ?? '', settings)).toEqual(lines)
  })

  it('writes nothing where nothing is broken', () => {
    expect(ruleFormulas('', classic)).toEqual([])
  })
})

describe('numbers in cells', () => {
  it.each([
    [0, '0'],
    [-2, '−2'],
    [0.5, '0.5'],
    [0.4999, '0.50'],
    [12.25, '12.3'],
    [-0.123, '−0.12'],
    [-0.001, '0.00'],
    [12.34, '12.3'],
    [9.999, '10.0'],
    [-123.4, '−123'],
    [12345, '1.2e4'],
    [NaN, 'NaN'],
    [-Infinity, '−∞'],
  ])('%d is written %s', (value, text) => expect(formatCell(value)).toBe(text))

  it('are longer where there is room', () => {
    expect(formatLong(-0.123456789)).toBe('−0.1234568')
    expect(formatLong(3)).toBe('3')
    expect(formatLong(-1.5e-7)).toBe('−1.5e−7')
    expect(formatFactor(-1)).toBe('(−1)')
    expect(formatFactor(1)).toBe('1')
    expect(longestText(Float64Array.of(1, -0.25, 3))).toBe(5)
  })
})
