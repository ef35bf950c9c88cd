import { expect, it } from 'vitest'
import { createRandom } from '../../../shared/training/random'
import { nearest } from './neighbours'

it('finds each row’s nearest rows, as comparing all pairs does', () => {
  const random = createRandom('neighbours')
  const [rows, length, count] = [150, 7, 6]
  const values = Float32Array.from({ length: rows * length }, () => random.uniform())
  const search = nearest(values, rows, count)
  let step = search.next()
  const told: number[] = []
  for (; !step.done; step = search.next()) told.push(step.value)
  expect(told).toEqual([64, 128, 150])
  for (let row = 0; row < rows; row++) {
    const distance = (other: number) =>
      Math.hypot(...Array.from({ length }, (_, at) => values[row * length + at]! - values[other * length + at]!))
    const expected = Array.from({ length: rows }, (_, other) => other)
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, count)
    expect(step.value.indices[row]).toEqual(expected)
    step.value.distances[row]?.forEach((found, at) => expect(found).toBeCloseTo(distance(expected[at]!), 3))
  }
})
