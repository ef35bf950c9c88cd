import { expect, it } from 'vitest'
import { runSliced } from './run-sliced'

function* sum(to: number, each: () => void = () => undefined): Generator<void, number> {
  let total = 0
  for (let i = 1; i <= to; i++) {
    total += i
    each()
    yield
  }
  return total
}

it('gives what the work gives, however often it is interrupted', async () => {
  expect(await runSliced(sum(3_000_000), () => true)).toBe(4_500_001_500_000)
})

it('ends early when nobody wants the result any more', async () => {
  let steps = 0
  const result = await runSliced(
    sum(1e9, () => steps++),
    () => false,
  )
  expect(result).toBeNull()
  expect(steps).toBeLessThan(1e9)
})
