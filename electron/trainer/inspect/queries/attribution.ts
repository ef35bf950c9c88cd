import type { AttributionAnswer } from '../../../../shared/inspect/answers'
import { softmax } from '../../../../shared/inspect/metrics'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { elementCount } from '../../../../shared/network/shape'
import { requireClass } from '../classes'
import { choosePicture, valuesOf, type Lens, type Looking } from '../lens'
import { logitGradient } from '../logit-gradient'
import { gradCam } from './grad-cam'
import { integratedGradients } from './integrated-gradients'
import { occlusion } from './occlusion'

export type AttributionQuery = QueryOf<'attribution'>

/** What a method found; the class's score goes with it. */
export type Attribution = Pick<AttributionAnswer, 'height' | 'width' | 'values' | 'layer' | 'baselineLogit'>

/** How much each place of the picture speaks for a class. Throws `invalid-input` for a class that the network has not. */
export function* attribution(lens: Lens, query: AttributionQuery): Looking<AttributionAnswer> {
  const { network, probe } = lens
  const output = network.output.node.id
  requireClass(query.class, elementCount(network.output.shape))
  const { values } = choosePicture(lens, query.picture)
  const logits = valuesOf(probe.activations(values, 1, [output]), output).values
  const score = { logit: logits[query.class] ?? NaN, probability: softmax(logits)[query.class] ?? NaN }
  const complete = (found: Attribution): AttributionAnswer => ({ ...found, ...score })
  switch (query.method) {
    case 'gradCam':
      return complete(gradCam(lens, query))
    case 'saliency':
      return complete(saliency(lens, query))
    case 'integratedGradients':
      return yield* integratedGradients(lens, query, complete)
    case 'occlusion':
      return yield* occlusion(lens, query, complete)
  }
}

/**
 * The absolute gradient of the class's logit by the normalised picture, the largest over the channels. Simonyan, Vedaldi and
 * Zisserman 2013.
 */
function saliency(lens: Lens, query: AttributionQuery): Attribution {
  const { values } = choosePicture(lens, query.picture)
  const [height = 1, width = 1, channels = 1] = lens.network.input.shape
  const gradient = logitGradient(lens, values, 1, query.class, lens.network.input.node.id)
  const largest = new Float32Array(height * width)
  for (let at = 0; at < gradient.length; at++) {
    const place = Math.floor(at / channels)
    largest[place] = Math.max(largest[place]!, Math.abs(gradient[at]!))
  }
  return { height, width, values: largest, layer: null, baselineLogit: null }
}
