import { expect, it } from 'vitest'
import { createRandom } from '../../../shared/training/random'
import { createRanking } from './ranking'

it('keeps the best of each channel, as sorting all of them would', () => {
  const random = createRandom('ranking')
  const ranking = createRanking(3, 5)
  const all: { channel: number; index: number; score: number; place: number }[] = []
  for (let index = 0; index < 200; index++) {
    for (let channel = 0; channel < 3; channel++) {
      // Few different scores, so that many are equal.
      const entry = {
        channel,
        index,
        score: Math.floor(random.uniform() * 30),
        place: Math.floor(random.uniform() * 9),
      }
      all.push(entry)
      ranking.offer(channel, index, entry.score, entry.place)
    }
  }
  for (let channel = 0; channel < 3; channel++) {
    const expected = all
      .filter((entry) => entry.channel === channel)
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, 5)
      .map(({ index, score, place }) => ({ index, score, place }))
    expect(ranking.of(channel)).toEqual(expected)
  }
})

it('gives fewer where fewer came, and takes no score that is no number', () => {
  const ranking = createRanking(1, 3)
  ranking.offer(0, 0, NaN, 0)
  ranking.offer(0, 1, -5, 2)
  expect(ranking.of(0)).toEqual([{ index: 1, score: -5, place: 2 }])
})
