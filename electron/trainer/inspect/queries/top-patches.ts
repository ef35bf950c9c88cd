import type { NamedTensors } from '../../../../shared/formats/tensors'
import type { TopPatchesAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { mapSize, type MapSize } from '../channels'
import { requireChannel, requireLayer, type Lens, type Looking } from '../lens'
import { patchesOf } from '../patches'
import { batchOf, createPace, inSlices } from '../pictures'
import { createRanking, type Ranking } from '../ranking'
import { activationScores, cosineScores } from '../scores'

/** Patches that are worth sending before all pictures were looked through. */
const mostShown = 1000

type TopPatchesQuery = QueryOf<'topPatches'>

/**
 * Of each channel the pictures in which it answers most strongly somewhere, and where: one place a picture. With `worst` also
 * those in which its weakest answer is weakest.
 */
export function* topPatches(lens: Lens, query: TopPatchesQuery): Looking<TopPatchesAnswer> {
  const layer = requireLayer(lens, query.layer)
  const size = mapSize(layer.shape)
  const channels = query.channels ?? Array.from({ length: size.channels }, (_, channel) => channel)
  for (const channel of channels) requireChannel(layer, channel)
  const images = lens.images(query.split)
  const total = Math.min(query.limit ?? images.count, images.count)
  const scores = query.measure === 'cosine' ? cosineScores(lens, query.layer) : activationScores(lens, query.layer)
  const best = createRanking(channels.length, query.count)
  const worst = query.worst ? createRanking(channels.length, query.count) : null
  const patchOf = patchesOf(lens.network, query.layer, size.width, images)

  function look(first: number, count: number): void {
    const values = scores(batchOf(images, first, count), count)
    for (let at = 0; at < count; at++) {
      const own = values.subarray(at * size.channels * size.height * size.width)
      rank(own, size, channels, first + at, best, 1)
      if (worst) rank(own, size, channels, first + at, worst, -1)
    }
  }

  function found(looked: number): TopPatchesAnswer {
    const ranked = channels.map((channel, at) => ({
      channel,
      best: best.of(at).map(patchOf),
      worst: (worst?.of(at) ?? []).map((entry) => patchOf({ ...entry, score: -entry.score })),
    }))
    return { layer: query.layer, channels: ranked, looked }
  }

  const shown = channels.length * query.count <= mostShown
  for (const done of inSlices(total, createPace(lens.network), look)) {
    yield { done, total, partial: shown ? () => found(done) : null }
  }
  return found(total)
}

/** Offers each channel's largest value of one picture, times `sign`, with its first place. */
function rank(
  values: Float32Array,
  { height, width, channels: all }: MapSize,
  channels: readonly number[],
  index: number,
  ranking: Ranking,
  sign: 1 | -1,
): void {
  const largest = new Float64Array(channels.length).fill(-Infinity)
  const places = new Int32Array(channels.length)
  for (let place = 0; place < height * width; place++) {
    const start = place * all
    for (let at = 0; at < channels.length; at++) {
      const value = sign * values[start + channels[at]!]!
      if (value > largest[at]!) {
        largest[at] = value
        places[at] = place
      }
    }
  }
  for (let at = 0; at < channels.length; at++) ranking.offer(at, index, largest[at]!, places[at]!)
}

/** Weights with which a convolution gives bare scalar products, for the cosine; for other questions they stay. */
export function weightsForScores(network: SoundNetwork, weights: NamedTensors, query: TopPatchesQuery): NamedTensors {
  const name = `${query.layer}.bias`
  const bias = weights.get(name)
  if (query.measure !== 'cosine' || !bias || network.byId.get(query.layer)?.kind.kind !== 'conv2d') return weights
  return new Map([...weights, [name, { shape: bias.shape, values: new Float32Array(bias.values.length) }]])
}
