import { expect, test } from 'vitest'
import { createRestraint } from './restraint'

test('a few come at once, the others evenly, and who waited is not made to wait again', async () => {
  let time = 1000
  const pauses: number[] = []
  const restraint = createRestraint({
    now: () => time,
    wait(milliseconds) {
      pauses.push(milliseconds)
      return Promise.resolve()
    },
  })
  for (let at = 0; at < 6; at++) await restraint.turn()
  // Nobody's clock went on: the fifth waits for its turn, the sixth twice as long.
  expect(pauses).toEqual([100, 200])
  time += 1000
  for (let at = 0; at < 4; at++) await restraint.turn()
  expect(pauses).toHaveLength(2)
  time += 100
  await restraint.turn()
  expect(pauses).toHaveLength(2)
  await restraint.turn()
  expect(pauses).toEqual([100, 200, 100])
})
