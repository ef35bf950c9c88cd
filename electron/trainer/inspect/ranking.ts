/** One picture's best place in a channel's map. */
export interface Ranked {
  /** The picture's place in the split. */
  readonly index: number
  readonly score: number
  /** `row · width + column` of the map. */
  readonly place: number
}

/** The pictures with the highest scores, of each channel by itself; of equal ones that which came first. */
export interface Ranking {
  /** Pictures come in order of their indices, each once a channel. */
  offer(channel: number, index: number, score: number, place: number): void
  /** The highest first. */
  of(channel: number): Ranked[]
}

/** Keeps `count` pictures for each of `channels`. */
export function createRanking(channels: number, count: number): Ranking {
  // In descending order: few enough that inserting is cheaper than keeping a heap, and most are refused at once.
  const scores = new Float64Array(channels * count).fill(-Infinity)
  const indices = new Int32Array(channels * count)
  const places = new Int32Array(channels * count)
  const kept = new Int32Array(channels)
  return {
    offer(channel, index, score, place) {
      const start = channel * count
      const last = start + count - 1
      if (!(score > scores[last]!)) return
      let at = start + Math.min(kept[channel]!, count - 1)
      while (at > start && scores[at - 1]! < score) {
        scores[at] = scores[at - 1]!
        indices[at] = indices[at - 1]!
        places[at] = places[at - 1]!
        at--
      }
      scores[at] = score
      indices[at] = index
      places[at] = place
      kept[channel] = Math.min(kept[channel]! + 1, count)
    },
    of(channel) {
      return Array.from({ length: kept[channel] ?? 0 }, (_, rank) => {
        const at = channel * count + rank
        return { index: indices[at]!, score: scores[at]!, place: places[at]! }
      })
    },
  }
}
