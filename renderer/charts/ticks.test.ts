import { describe, expect, it } from 'vitest'
import { logTicks, timeTicks } from './ticks'

describe('logTicks', () => {
  it('has 1, 2 and 5 of each power, both ends included', () => {
    expect(logTicks(0.05, 2)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2])
    expect(logTicks(0.04, 2.4)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2])
  })
  it('has powers of ten alone over many of them, and not all of these over very many', () => {
    expect(logTicks(1e-7, 0.05)).toEqual([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2])
    expect(logTicks(1e-20, 1)).toEqual([1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1])
  })
  it('has plain round numbers within a stretch that holds too few of those', () => {
    expect(logTicks(0.82, 0.96)).toEqual([0.85, 0.9, 0.95])
    expect(logTicks(0.15, 0.5)).toEqual([0.2, 0.3, 0.4, 0.5])
  })
  it('has nothing at and below zero', () => {
    expect(logTicks(0, 1)).toEqual([])
    expect(logTicks(3, 3)).toEqual([3])
  })
})

describe('timeTicks', () => {
  it('divides seconds, minutes and hours as clocks do', () => {
    expect(timeTicks(0, 4.9)).toEqual([0, 1, 2, 3, 4])
    expect(timeTicks(0, 0.9)).toEqual([0, 0.2, 0.4, 0.6, 0.8])
    expect(timeTicks(10, 95)).toEqual([15, 30, 45, 60, 75, 90])
    expect(timeTicks(0, 900)).toEqual([0, 300, 600, 900])
    expect(timeTicks(0, 20_000)).toEqual([0, 3600, 7200, 10_800, 14_400, 18_000])
  })
  it('has whole days where there are many', () => {
    expect(timeTicks(0, 86_400 * 30)).toEqual([0, 5, 10, 15, 20, 25, 30].map((day) => day * 86_400))
  })
})
