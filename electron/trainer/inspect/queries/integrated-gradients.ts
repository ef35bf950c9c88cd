import type { AttributionAnswer } from '../../../../shared/inspect/answers'
import { normalise } from '../../engines/pictures'
import { choosePicture, valuesOf, type Lens, type Looking } from '../lens'
import { logitGradient } from '../logit-gradient'
import { createPace, inSlices } from '../pictures'
import type { Attribution, AttributionQuery } from './attribution'

/**
 * The mean gradient of the class's logit on the straight path from the black picture, times the way there, summed over the
 * channels. The mean is taken at the middles of `steps` equal parts. Its sum over all places comes near the logit less the
 * black picture's. Sundararajan, Taly and Yan 2017.
 */
export function* integratedGradients(
  lens: Lens,
  query: AttributionQuery,
  complete: (found: Attribution) => AttributionAnswer,
): Looking<AttributionAnswer> {
  const { network, probe } = lens
  const [height = 1, width = 1, channels = 1] = network.input.shape
  const { values } = choosePicture(lens, query.picture)
  const black = normalise(new Uint8Array(values.length))
  const output = network.output.node.id
  const baselineLogit = valuesOf(probe.activations(black, 1, [output]), output).values[query.class] ?? NaN
  const sums = new Float64Array(values.length)

  function addGradients(first: number, count: number): void {
    const path = new Float32Array(count * values.length)
    for (let step = 0; step < count; step++) {
      const share = (first + step + 0.5) / query.steps
      for (let at = 0; at < values.length; at++) {
        path[step * values.length + at] = black[at]! + share * (values[at]! - black[at]!)
      }
    }
    const gradients = logitGradient(lens, path, count, query.class, network.input.node.id)
    for (let at = 0; at < gradients.length; at++) sums[at % values.length]! += gradients[at]!
  }

  function found(done: number): AttributionAnswer {
    const places = new Float64Array(height * width)
    for (let at = 0; at < values.length; at++) {
      places[Math.floor(at / channels)]! += (sums[at]! / done) * (values[at]! - black[at]!)
    }
    return complete({ height, width, values: Float32Array.from(places), layer: null, baselineLogit })
  }

  for (const done of inSlices(query.steps, createPace(network, 2), addGradients)) {
    yield { done, total: query.steps, partial: () => found(done) }
  }
  return found(query.steps)
}
