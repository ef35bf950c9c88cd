import { describe, expect, it } from 'vitest'
import { resolveClassWeights, weightOf } from './class-weights'

const labels = Uint8Array.of(0, 0, 0, 1, 2, 2, 1, 1, 1)
const indices = Int32Array.of(0, 1, 2, 3, 4, 5)

describe('resolveClassWeights', () => {
  it('balances the pictures of the run, not those kept back', () => {
    // Of six pictures three, one and two; nothing of the fourth class.
    expect(resolveClassWeights('balanced', { labels }, indices, 4)).toEqual([6 / (4 * 3), 6 / 4, 6 / (4 * 2), 1])
  })

  it('takes own weights as they are and refuses another number of them', () => {
    expect(resolveClassWeights([1, 2, 3], { labels }, indices, 3)).toEqual([1, 2, 3])
    expect(resolveClassWeights(null, { labels }, indices, 3)).toBeNull()
    expect(() => resolveClassWeights([1, 2], { labels }, indices, 3)).toThrow(/2 class weights.*3 classes/)
  })
})

it('weighs labels', () => {
  expect(weightOf([0, 2, 2], [1, 5, 0.5])).toBe(2)
  expect(weightOf([0, 2, 2], null)).toBe(3)
})
