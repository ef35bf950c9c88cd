import { describe, expect, it } from 'vitest'
import { buildAxis, isWhole, linePath, passes, place, textAt } from './parallel'

describe('an axis', () => {
  it('of numbers reaches from the smallest to the largest', () => {
    const axis = buildAxis('k', 'k', [1, 3, 2, null])
    expect(axis).toMatchObject({ scale: 'linear', min: 1, max: 3 })
    expect([1, 2, 3, null].map((value) => place(axis, value))).toEqual([0, 0.5, 1, null])
    expect(axis.ticks).toEqual([
      { at: 0, text: '1' },
      { at: 0.5, text: '2' },
      { at: 1, text: '3' },
    ])
  })

  it('of values decades apart is logarithmic', () => {
    const axis = buildAxis('rate', 'rate', [1e-4, 1e-3, 1e-2])
    expect(axis.scale).toBe('log')
    expect(place(axis, 1e-3)).toBeCloseTo(0.5)
    expect(textAt(axis, 0.5)).toBe('0.001')
  })

  it('of words, or of numbers and words, stands them in order', () => {
    const axis = buildAxis('padding', 'padding', ['same', 0, 'valid', 0, [1, 2]])
    expect(axis.categories).toEqual(['0', '1×2', 'same', 'valid'])
    expect([place(axis, 0), place(axis, 'valid'), place(axis, 'other')]).toEqual([0.125, 0.875, null])
    expect(textAt(axis, 0.9)).toBe('valid')
  })

  it('has no place for what is not known', () => {
    expect(buildAxis('loss', 'loss', [null, 0.5]).scale).toBe('linear')
  })

  it('of a single value stands it in the middle', () => {
    expect(place(buildAxis('k', 'k', [7]), 7)).toBe(0.5)
  })

  it('of many values has five ticks', () => {
    const many = Array.from({ length: 30 }, (_, index) => index)
    expect(buildAxis('k', 'k', many).ticks.map(({ at }) => at)).toEqual([0, 0.25, 0.5, 0.75, 1])
  })
})

describe('lines', () => {
  it('go through their places and leave gaps', () => {
    expect(linePath([0, null, 1, 0.5], [0, 10, 20, 30], 100)).toBe('M0.0 100.0M20.0 0.0L30.0 50.0')
  })

  it('pass where they go through every brush', () => {
    const places = new Map([
      ['a', 0.5],
      ['b', null],
    ])
    expect(passes(places, new Map())).toBe(true)
    expect(passes(places, new Map([['a', [0.4, 0.6]]]))).toBe(true)
    expect(passes(places, new Map([['a', [0.6, 1]]]))).toBe(false)
    expect(passes(places, new Map([['b', [0, 0.9]]]))).toBe(false)
    expect([isWhole([0, 1]), isWhole([0, 0.9])]).toEqual([true, false])
  })
})
