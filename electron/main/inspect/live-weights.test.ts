import { expect, test } from 'vitest'
import { keepLiveWeights } from './live-weights'

function setUp() {
  const asked: number[] = []
  const run = { time: 0, step: 10, restsAt: null as number | null, milliseconds: 3, answers: true }
  const keeper = keepLiveWeights({
    fetch() {
      const handed = { number: asked.push(run.step), step: run.step, milliseconds: run.milliseconds }
      return Promise.resolve(run.answers ? handed : null)
    },
    restsAt: () => run.restsAt,
    now: () => run.time,
  })
  return { run, asked, keeper }
}

test('weights are taken again after a second, not before', async () => {
  const { run, asked, keeper } = setUp()
  expect(await keeper.current()).toBe(1)
  run.time = 999
  expect(await keeper.current()).toBe(1)
  run.time = 1000
  expect(await keeper.current()).toBe(2)
  expect(asked).toHaveLength(2)
})

test('weights that cost much are taken seldom', async () => {
  const { run, asked, keeper } = setUp()
  run.milliseconds = 100
  await keeper.current()
  run.time = 9_999
  await keeper.current()
  expect(asked).toHaveLength(1)
  run.time = 10_000
  await keeper.current()
  expect(asked).toHaveLength(2)
})

test('questions at the same time share one answer', async () => {
  const { asked, keeper } = setUp()
  expect(await Promise.all([keeper.current(), keeper.current()])).toEqual([1, 1])
  expect(asked).toHaveLength(1)
})

test('weights of a run at rest are good until it goes on', async () => {
  const { run, asked, keeper } = setUp()
  run.restsAt = 10
  await keeper.current()
  run.time = 1e6
  expect(await keeper.current()).toBe(1)
  run.step = 12
  run.restsAt = 12
  expect(await keeper.current()).toBe(2)
  expect(asked).toEqual([10, 12])
})

test('without an answer the newest ones serve, and without any none', async () => {
  const { run, keeper } = setUp()
  run.answers = false
  expect(await keeper.current()).toBeNull()
  run.answers = true
  expect(await keeper.current()).toBe(2)
  run.answers = false
  run.time = 5000
  expect(await keeper.current()).toBe(2)
})
