import type { PredictionsAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { elementCount } from '../../../../shared/network/shape'
import { crossEntropy } from '../classes'
import { valuesOf, type Lens, type Looking } from '../lens'
import { batchOf, createPace, inSlices } from '../pictures'

/** Logits and losses of the first `limit` pictures of a split. */
export function* predictions(lens: Lens, query: QueryOf<'predictions'>): Looking<PredictionsAnswer> {
  const { network, probe } = lens
  const output = network.output.node.id
  const images = lens.images(query.split)
  const total = Math.min(query.limit ?? images.count, images.count)
  const classes = elementCount(network.output.shape)
  const logits = new Float32Array(total * classes)
  const losses = new Float32Array(total)

  function predict(first: number, count: number): void {
    const found = valuesOf(probe.activations(batchOf(images, first, count), count, [output]), output).values
    logits.set(found, first * classes)
    for (let at = 0; at < count; at++) {
      const own = found.subarray(at * classes, (at + 1) * classes)
      losses[first + at] = crossEntropy(own, images.labels[first + at] ?? 0)
    }
  }

  function found(count: number): PredictionsAnswer {
    return {
      count,
      classes,
      labels: images.labels.slice(0, count),
      logits: logits.slice(0, count * classes),
      losses: losses.slice(0, count),
    }
  }

  for (const done of inSlices(total, createPace(network), predict)) yield { done, total, partial: () => found(done) }
  return found(total)
}
