import { expect, it } from 'vitest'
import { clipped } from './clip'

const gradients = new Map([
  ['a', Float32Array.of(3, 0)],
  ['b', Float32Array.of(-4)],
])

it('scales all gradients by one factor when their norm is above the bound', () => {
  const found = clipped(gradients, 2.5)
  expect(found.get('a')?.[0]).toBeCloseTo(1.5, 5)
  expect(found.get('b')?.[0]).toBeCloseTo(-2, 5)
  expect(gradients.get('a')?.[0]).toBe(3)
})

it('leaves them as they are below it, and without one', () => {
  expect(clipped(gradients, 5.1)).toBe(gradients)
  expect(clipped(gradients, null)).toBe(gradients)
})
