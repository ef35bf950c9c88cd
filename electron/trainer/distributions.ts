import type { EpochDistributions } from '../../shared/training/histograms'
import { distributionOf } from '../../shared/training/histograms'
import type { RunConfig } from '../../shared/training/config'
import { epochOrder, stepSeed, type RunData } from './batches'
import type { CompiledNetwork } from './engines/engine'

/**
 * How weights and gradients are spread at the end of `epoch`, whose last step (from 1 over the whole run) was `step`. Reads
 * only: the gradients are those of the epoch's last batch by the weights as they are now, with the masks of its step.
 */
export function takeDistributions(
  compiled: Pick<CompiledNetwork, 'getWeights' | 'gradients'>,
  { trainIndices }: Pick<RunData, 'trainIndices'>,
  config: RunConfig,
  epoch: number,
  step: number,
): EpochDistributions {
  const order = epochOrder(trainIndices, config, epoch)
  const last = Math.ceil(order.length / config.batch_size) - 1
  const indices = order.slice(last * config.batch_size)
  const { gradients } = compiled.gradients({ indices, seed: stepSeed(config.seed, epoch, step) })
  const weights = [...compiled.getWeights()].map(([weight, { values }]) => {
    const gradient = gradients.get(weight)
    return { weight, values: distributionOf(values), gradient: gradient ? distributionOf(gradient.values) : null }
  })
  return { epoch, weights }
}
