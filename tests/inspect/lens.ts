import { loadSplit } from '../../electron/data/datasets'
import type { Engine } from '../../electron/trainer/engines/engine'
import { look, weightsFor } from '../../electron/trainer/inspect/answer'
import type { Lens, Step } from '../../electron/trainer/inspect/lens'
import { loadWeights } from '../../electron/trainer/load-weights'
import type { InspectAnswers } from '../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../shared/inspect/queries'
import { requireSound } from '../../shared/network/analyze'
import { digitsWeights, readDigits } from '../golden/read-digits'

export interface DigitsLens extends Lens {
  /** The whole answer at once, and the steps that led to it. */
  ask<Type extends InspectQueryType>(query: QueryOf<Type>): { answer: InspectAnswers[Type]; steps: Step[] }
}

/** Looks into the network that PyTorch trained on MNIST. */
export async function openDigits(engine: Engine): Promise<DigitsLens> {
  const network = requireSound(readDigits().network)
  const probe = await engine.probe(network)
  const own = loadWeights(network, digitsWeights)
  const images = loadSplit('mnist', 'test')
  const lens: Lens = { network, probe, weights: own, images: () => images }
  return {
    ...lens,
    ask<Type extends InspectQueryType>(query: QueryOf<Type>) {
      const weights = weightsFor(network, own, query)
      probe.setWeights(weights)
      const looking = look({ ...lens, weights }, query)
      const steps: Step[] = []
      let result = looking.next()
      for (; !result.done; result = looking.next()) steps.push(result.value)
      // The answer's type follows the query's, which `look` cannot say.
      return { answer: result.value as InspectAnswers[Type], steps }
    },
  }
}
