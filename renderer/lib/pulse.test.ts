import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPulse } from './pulse'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance', 'requestAnimationFrame'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('flushes in the next frame, then at most once an interval, and never loses the last request', () => {
  const flush = vi.fn()
  const request = createPulse(flush)
  request()
  request()
  vi.advanceTimersByTime(20)
  expect(flush).toHaveBeenCalledTimes(1)
  request()
  vi.advanceTimersByTime(120)
  request()
  expect(flush).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(180)
  expect(flush).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1000)
  expect(flush).toHaveBeenCalledTimes(2)
})
