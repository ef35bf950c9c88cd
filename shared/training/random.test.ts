import { describe, expect, it } from 'vitest'
import { createRandom, hashWords, permutation } from './random'

describe('createRandom', () => {
  it('keeps its numbers for ever: runs are resumed by other versions', () => {
    const random = createRandom(1, 'order', 0)
    expect(Array.from({ length: 4 }, random.uint32)).toEqual([3513081054, 1626668114, 1631500088, 1326649924])
    expect(createRandom(1, 'order', 0).uniform()).toBe(3513081054 / 2 ** 32)
    expect(hashWords([1, 'order', 0])).toBe(3705965230)
  })

  it('gives other numbers for other words, their order and their borders', () => {
    const words: (number | string)[][] = [
      [1],
      [2],
      [1, 2],
      [2, 1],
      [12],
      ['a', 'b'],
      ['ab'],
      ['ab', ''],
      [1, 'weights'],
    ]
    const firsts = words.map((some) => createRandom(...some).uint32())
    expect(new Set(firsts).size).toBe(words.length)
  })

  it('is uniform: mean, variance and the share of each eighth', () => {
    const count = 80000
    const random = createRandom('uniform')
    const values = Array.from({ length: count }, random.uniform)
    const mean = values.reduce((a, b) => a + b) / count
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count
    expect(mean).toBeCloseTo(1 / 2, 2)
    expect(variance).toBeCloseTo(1 / 12, 2)
    for (let eighth = 0; eighth < 8; eighth++) {
      const share = values.filter((value) => Math.floor(value * 8) === eighth).length / count
      expect(share).toBeCloseTo(1 / 8, 2)
    }
    expect(Math.min(...values.slice(0, 10000))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values.slice(0, 10000))).toBeLessThan(1)
  })

  it('gives streams of neighbouring seeds that have nothing to do with each other', () => {
    const count = 20000
    const [a, b] = [createRandom(1, 'x'), createRandom(2, 'x')]
    let together = 0
    for (let i = 0; i < count; i++) together += (a.uniform() - 0.5) * (b.uniform() - 0.5)
    // Correlation of independent streams: mean 0, standard deviation 1 / √count.
    expect(Math.abs((together / count) * 12)).toBeLessThan(4 / Math.sqrt(count))
  })
})

describe('permutation', () => {
  it.each([0, 1, 2, 1000])('holds each of %d numbers once', (count) => {
    const order = permutation(count, createRandom('order'))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index))
  })

  it('gives every order of three about as often', () => {
    const random = createRandom('three')
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3, random).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000))
  })
})
