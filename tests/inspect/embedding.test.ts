import { beforeAll, describe, expect, it, vi } from 'vitest'
import { engines } from '../engines/engines'
import { openDigits, type DigitsLens } from './lens'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const query = { type: 'embedding', split: 'test', count: 300, neighbours: 12, minDistance: 0.1, seed: 3 } as const

describe.each(engines)('the embedding of the last hidden layer, $name engine', ({ create }) => {
  let lens: DigitsLens
  beforeAll(async () => {
    lens = await openDigits(await create())
    return () => lens.probe.dispose()
  })

  it('lays pictures of one class near each other', () => {
    const { answer, steps } = lens.ask(query)
    expect(answer.layer).toBe('relu3')
    expect(new Set(answer.indices).size).toBe(300)
    expect([...answer.indices]).toEqual([...answer.indices].sort((a, b) => a - b))
    const labels = lens.images('test').labels
    expect([...answer.labels]).toEqual([...answer.indices].map((index) => labels[index]))
    const right = answer.predicted.filter((guess, at) => guess === answer.labels[at]).length / 300
    expect(right).toBeGreaterThan(0.7)
    // One in ten by chance.
    expect(sharedLabels(answer)).toBeGreaterThan(0.6)
    expect(steps.at(-1)).toMatchObject({ done: 1000, total: 1000 })
    const shown = steps.find(({ partial }) => partial)?.partial?.()
    expect(shown).toMatchObject({ layer: 'relu3' })
  })

  it('is the same for the same seed, and another for another', () => {
    const [first, again, other] = [query, query, { ...query, seed: 4 }].map((asked) => lens.ask(asked).answer)
    expect(again).toEqual(first)
    expect(other?.indices).not.toEqual(first?.indices)
  })

  it('says when there are too few pictures for so many neighbours', () => {
    expect(() => lens.ask({ ...query, count: 10, neighbours: 10 })).toThrow('10 pictures cannot have 10 neighbours')
  })
})

/** How often the nearest point of the layout has the same label. */
function sharedLabels({ x, y, labels }: { x: Float32Array; y: Float32Array; labels: Uint8Array }): number {
  let shared = 0
  for (let i = 0; i < labels.length; i++) {
    let [best, nearest] = [Infinity, -1]
    for (let j = 0; j < labels.length; j++) {
      const distance = (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2
      if (j !== i && distance < best) [best, nearest] = [distance, j]
    }
    if (labels[nearest] === labels[i]) shared++
  }
  return shared / labels.length
}
