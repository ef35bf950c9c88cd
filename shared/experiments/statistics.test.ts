import { expect, it } from 'vitest'
import { spreadOf } from './statistics'

it('is the mean and the standard deviation of a sample', () => {
  // numpy.std([2, 4, 4, 4, 5, 5, 7, 9], ddof=1)
  expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ count: 8, mean: 5, deviation: 2.138089935299395 })
})

it('leaves out what is not known, and says nothing of a single value’s deviation', () => {
  expect(spreadOf([0.5, null, NaN])).toEqual({ count: 1, mean: 0.5, deviation: null })
  expect(spreadOf([null])).toBeNull()
})
