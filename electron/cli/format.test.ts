import { describe, expect, it } from 'vitest'
import { formatBar, formatSeconds, formatShare, formatTable } from './format'

describe('numbers for people', () => {
  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [754, '12:34'],
    [3723, '1:02:03'],
    [-1, '0:00'],
  ])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))

  it('shares and bars', () => {
    expect(formatShare(0.98765)).toBe('98.77 %')
    expect(formatShare(null)).toBe('')
    expect(formatBar(0.5, 4)).toBe('[##--]')
    expect(formatBar(2, 4)).toBe('[####]')
  })

  it('tables stand in columns', () => {
    expect(
      formatTable(
        ['a', 'long'],
        [
          ['xyz', '1'],
          ['', '22'],
        ],
        [1],
      ),
    ).toEqual(['a    long', 'xyz     1', '       22'])
  })
})
