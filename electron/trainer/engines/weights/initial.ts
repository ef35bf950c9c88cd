import type { NamedTensor, NamedTensors } from '../../../../shared/formats/tensors'
import type { WeightInit } from '../../../../shared/layers/define'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { elementCount } from '../../../../shared/network/shape'
import type { RunConfig } from '../../../../shared/training/config'
import { createRandom } from '../../../../shared/training/random'
import { networkWeights, type NetworkWeight } from './names'

export type Initialisation = RunConfig['init']

/**
 * Starting weights in PyTorch's names and layouts. Each weight draws from a generator of its own, so that a network keeps
 * the weights of the layers that a change leaves alone.
 *
 * - `pytorch`: as torch.nn's layers start; kernels and biases uniform in ±1/√fan_in, which is kaiming_uniform(a=√5).
 * - `glorot`: kernels uniform in ±√(6 / (fan_in + fan_out)), biases 0. Glorot and Bengio 2010.
 * - `he`: kernels uniform in ±√(6 / fan_in), biases 0; kaiming_uniform for ReLU. He et al. 2015.
 */
export function initialWeights(network: SoundNetwork, init: Initialisation, seed: number): NamedTensors {
  return new Map(networkWeights(network).map((weight) => [weight.name, initialWeight(weight, init, seed)]))
}

function initialWeight({ name, spec }: NetworkWeight, init: Initialisation, seed: number): NamedTensor {
  const values = new Float32Array(elementCount(spec.shape))
  if (spec.init.type === 'constant') return { shape: spec.shape, values: values.fill(spec.init.value) }
  const bound = uniformBound(spec.init, init)
  if (bound === 0) return { shape: spec.shape, values }
  const random = createRandom(seed, 'weights', name)
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * random.uniform() - 1)
  return { shape: spec.shape, values }
}

function uniformBound(weight: Exclude<WeightInit, { type: 'constant' }>, init: Initialisation): number {
  if (init === 'pytorch') return 1 / Math.sqrt(weight.fanIn)
  if (weight.type === 'bias') return 0
  return Math.sqrt(6 / (init === 'glorot' ? weight.fanIn + weight.fanOut : weight.fanIn))
}
