import { describe, expect, it } from 'vitest'
import { smooth } from './smooth'

describe('smooth', () => {
  it('leaves the values alone at weight 0', () => {
    expect([...smooth(new Float32Array([3, 1, 2]), 0)]).toEqual([3, 1, 2])
  })

  it('has no start-up bias: a constant stays the constant', () => {
    for (const value of smooth(new Float32Array(50).fill(2.5), 0.9)) expect(value).toBeCloseTo(2.5, 5)
  })

  it('equals the weighted mean written out', () => {
    const [, , third] = smooth(new Float32Array([1, 2, 4]), 0.5)
    expect(third).toBeCloseTo((1 * 0.125 + 2 * 0.25 + 4 * 0.5) / (0.125 + 0.25 + 0.5), 6)
  })

  it('keeps NaN where it is and goes on behind it', () => {
    const [first, second, third] = smooth(new Float32Array([1, NaN, 1]), 0.9)
    expect(first).toBeCloseTo(1)
    expect(second).toBeNaN()
    expect(third).toBeCloseTo(1)
  })
})
