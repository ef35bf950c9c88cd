import { UMAP } from 'umap-js'
import { AppError } from '../../../../shared/errors'
import type { EmbeddingAnswer } from '../../../../shared/inspect/answers'
import { argMax } from '../../../../shared/inspect/metrics'
import type { QueryOf } from '../../../../shared/inspect/queries'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { elementCount } from '../../../../shared/network/shape'
import { createRandom, permutation } from '../../../../shared/training/random'
import { gatherBatch } from '../../engines/pictures'
import { valuesOf, type Lens, type Looking } from '../lens'
import { nearest } from '../neighbours'
import { createPace, inSlices } from '../pictures'

/** Shares of the progress: reading features, finding neighbours, laying them out. */
const [featureShare, neighbourShare] = [100, 300]
const total = 1000
/** How long a slice of several epochs may take. */
const sliceMs = 40

/**
 * The features that the last dense layer decides by, of `count` pictures chosen by the seed, laid out in two dimensions so that
 * near ones stay near: UMAP, McInnes, Healy and Melville 2018. Neighbours are exact.
 */
export function* embedding(lens: Lens, query: QueryOf<'embedding'>): Looking<EmbeddingAnswer> {
  const images = lens.images(query.split)
  const count = Math.min(query.count, images.count)
  if (count <= query.neighbours) {
    throw new AppError('invalid-input', `${count} pictures cannot have ${query.neighbours} neighbours each.`, {
      fix: 'Choose fewer neighbours or more pictures.',
      params: { count, neighbours: query.neighbours },
    })
  }
  const random = createRandom(query.seed, 'embedding')
  const indices = permutation(images.count, random).slice(0, count).sort()
  const layer = lastHidden(lens.network)
  const size = elementCount(lens.network.byId.get(layer)?.shape ?? [])
  const output = lens.network.output.node.id
  const classes = elementCount(lens.network.output.shape)
  const features = new Float32Array(count * size)
  const labels = new Uint8Array(count)
  const predicted = new Uint8Array(count)

  function read(first: number, part: number): void {
    const batch = gatherBatch(images, indices.subarray(first, first + part))
    const found = lens.probe.activations(batch.pictures, part, [layer, output])
    features.set(valuesOf(found, layer).values, first * size)
    labels.set(batch.labels, first)
    const logits = valuesOf(found, output).values
    for (let at = 0; at < part; at++) {
      predicted[first + at] = argMax(logits.subarray(at * classes, (at + 1) * classes))
    }
  }

  for (const done of inSlices(count, createPace(lens.network), read)) {
    yield { done: (featureShare * done) / count, total, partial: null }
  }
  const search = nearest(features, count, query.neighbours)
  let step = search.next()
  for (; !step.done; step = search.next()) {
    yield { done: featureShare + (neighbourShare * step.value) / count, total, partial: null }
  }
  const umap = new UMAP({
    nNeighbors: query.neighbours,
    minDist: query.minDistance,
    random: () => random.uniform(),
  })
  umap.setPrecomputedKNN(step.value.indices, step.value.distances)
  // With the neighbours known, the features themselves are not read.
  const epochs = umap.initializeFit(Array.from({ length: count }, () => []))

  function found(): EmbeddingAnswer {
    const places = umap.getEmbedding()
    const axis = (at: 0 | 1) => Float32Array.from(places, (place) => place[at] ?? 0)
    return {
      layer,
      indices: indices.slice(),
      labels: labels.slice(),
      predicted: predicted.slice(),
      x: axis(0),
      y: axis(1),
    }
  }

  const before = featureShare + neighbourShare
  for (let epoch = 0; epoch < epochs;) {
    const begun = performance.now()
    while (epoch < epochs && performance.now() - begun < sliceMs) {
      umap.step()
      epoch++
    }
    yield { done: before + ((total - before) * epoch) / epochs, total, partial: found }
  }
  return found()
}

/** What enters the last dense layer; in a network without one, what enters its last layer. */
function lastHidden({ layers, output }: SoundNetwork): string {
  const last = layers.findLast(({ kind }) => kind.kind === 'linear') ?? output
  const [source] = last.node.inputs
  return source ?? last.node.id
}
