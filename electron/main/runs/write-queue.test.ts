import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WireError } from '../../../shared/errors'
import { sqliteError } from '../testing/fixtures'
import { createWriteQueue, type Write } from './write-queue'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const written: number[] = []
  const problems: (WireError | null)[] = []
  const dropped: unknown[] = []
  let failure: Error | null = null
  let transactions = 0
  const queue = createWriteQueue({
    transaction(work) {
      transactions += 1
      if (failure) throw failure
      const before = written.length
      try {
        work()
      } catch (error) {
        written.length = before
        throw error
      }
    },
    onProblem: (error) => problems.push(error),
    onDropped: (error) => dropped.push(error),
  })
  function write(value: number, done?: () => void): Write {
    return { run: () => void written.push(value), ...(done ? { done } : {}) }
  }
  return {
    queue,
    written,
    problems,
    dropped,
    write,
    fail: (error: Error | null) => (failure = error),
    transactions: () => transactions,
  }
}

test('writes of a quarter of a second share one transaction', () => {
  const { queue, written, write, transactions } = setUp()
  for (let i = 0; i < 5; i++) queue.push(write(i))
  expect(written).toEqual([])
  vi.advanceTimersByTime(250)
  expect(written).toEqual([0, 1, 2, 3, 4])
  expect(transactions()).toBe(1)
})

test('on a full disk everything waits in order, is tried again, and the problem is told once and cleared', () => {
  const { queue, written, problems, write, fail } = setUp()
  const done = vi.fn()
  fail(sqliteError('SQLITE_FULL'))
  queue.push(write(1, done))
  vi.advanceTimersByTime(250)
  queue.push(write(2))
  vi.advanceTimersByTime(10_000)
  expect(written).toEqual([])
  expect(done).not.toHaveBeenCalled()
  expect(problems.map((problem) => problem?.kind)).toEqual(['disk-full'])
  fail(null)
  vi.advanceTimersByTime(30_000)
  expect(written).toEqual([1, 2])
  expect(done).toHaveBeenCalledOnce()
  expect(problems.at(-1)).toBeNull()
})

test('tries grow rarer while the failure lasts', () => {
  const { queue, write, fail, transactions } = setUp()
  fail(sqliteError('SQLITE_BUSY'))
  queue.push(write(1))
  vi.advanceTimersByTime(120_000)
  expect(transactions()).toBeGreaterThan(5)
  expect(transactions()).toBeLessThan(15)
})

test('a write that can never succeed is given up, the others are kept', () => {
  const { queue, written, dropped, problems, write } = setUp()
  const done = vi.fn()
  queue.push(write(1))
  queue.push({
    run: () => {
      throw new TypeError('a bug')
    },
    done,
  })
  queue.push(write(3))
  expect(queue.flush()).toBe(true)
  expect(written).toEqual([1, 3])
  expect(dropped).toHaveLength(1)
  expect(done).toHaveBeenCalledOnce()
  expect(problems).toEqual([])
})

test('writing now comes after what waits, and throws what keeps it from being written', () => {
  const { queue, written, write, fail } = setUp()
  queue.push(write(1))
  queue.writeNow(() => void written.push(2))
  expect(written).toEqual([1, 2])
  fail(sqliteError('SQLITE_BUSY'))
  queue.push(write(3))
  expect(() => queue.writeNow(() => void written.push(4))).toThrow('SQLITE_BUSY')
  fail(null)
  expect(queue.close()).toBe(true)
  expect(written).toEqual([1, 2, 3])
})
