import type { NamedTensors } from '../../../shared/formats/tensors'
import type { InspectAnswer } from '../../../shared/inspect/answers'
import type { InspectQuery } from '../../../shared/inspect/queries'
import type { SoundNetwork } from '../../../shared/network/analyze'
import type { Lens, Looking } from './lens'
import { activations } from './queries/activations'
import { attribution } from './queries/attribution'
import { convolution } from './queries/convolution'
import { embedding } from './queries/embedding'
import { kernels } from './queries/kernels'
import { matching } from './queries/matching'
import { maximise } from './queries/maximise'
import { predictions } from './queries/predictions'
import { topPatches, weightsForScores } from './queries/top-patches'

/** Begins to answer a question. Throws, or its first step does, where it cannot be answered. */
export function look(lens: Lens, query: InspectQuery): Looking<InspectAnswer> {
  switch (query.type) {
    case 'activations':
      return atOnce(() => activations(lens, query))
    case 'convolution':
      return atOnce(() => convolution(lens, query))
    case 'kernels':
      return atOnce(() => kernels(lens, query))
    case 'matching':
      return atOnce(() => matching(lens, query))
    case 'attribution':
      return attribution(lens, query)
    case 'maximise':
      return maximise(lens, query)
    case 'topPatches':
      return topPatches(lens, query)
    case 'predictions':
      return predictions(lens, query)
    case 'embedding':
      return embedding(lens, query)
  }
}

/** Whether a question takes no longer than a person waits without noticing, so that it may be answered between slices of others. */
export function isShort(query: InspectQuery): boolean {
  switch (query.type) {
    case 'activations':
    case 'convolution':
    case 'kernels':
    case 'matching':
      return true
    case 'attribution':
      return query.method === 'gradCam' || query.method === 'saliency'
    default:
      return false
  }
}

/** The weights that a question needs in place of the moment's own. */
export function weightsFor(network: SoundNetwork, weights: NamedTensors, query: InspectQuery): NamedTensors {
  return query.type === 'topPatches' ? weightsForScores(network, weights, query) : weights
}

/** For questions that are answered before others could come in between. */
function* atOnce<Answer extends InspectAnswer>(answer: () => Answer): Looking<Answer> {
  return answer()
}
