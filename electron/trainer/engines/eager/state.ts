import { AppError } from '../../../../shared/errors'
import type { NamedTensor, NamedTensors } from '../../../../shared/formats/tensors'
import type { SoundNetwork } from '../../../../shared/network/analyze'
import { elementCount } from '../../../../shared/network/shape'
import { checkTensors, checkWeights } from '../weights/check'
import { toEngine, toTorch } from '../weights/layout'
import { networkWeights, type NetworkWeight } from '../weights/names'
import type { Optimizer } from './optimizers'

/** One weight with its optimizer slots, in the engines' layout. Values are changed in place. */
export interface StoredWeight extends NetworkWeight {
  readonly values: Float32Array
  /** Empty for running statistics. */
  readonly slots: ReadonlyMap<string, Float32Array>
}

/** Everything that training changes. All tensors cross its border in PyTorch's names and layouts. */
export interface NetworkState {
  readonly weights: ReadonlyMap<string, StoredWeight>
  /** Optimizer steps so far. */
  step: number
  getWeights(): NamedTensors
  getWeight(name: string): NamedTensor
  setWeights(given: NamedTensors): void
  getOptimizerState(): NamedTensors
  setOptimizerState(given: NamedTensors): void
}

export function createState(network: SoundNetwork, optimizer: Optimizer): NetworkState {
  const weights = new Map(networkWeights(network).map((weight) => [weight.name, emptyWeight(weight, optimizer)]))

  const state: NetworkState = {
    weights,
    step: 0,
    getWeights: () => new Map([...weights].map(([name, stored]) => [name, toTorch(stored.spec, stored.values)])),
    getWeight(name) {
      const stored = weights.get(name)
      if (!stored) throw new AppError('not-found', `The network has no weight "${name}".`, { params: { name } })
      return toTorch(stored.spec, stored.values)
    },
    setWeights(given) {
      const checked = checkWeights(network, given)
      for (const [name, { spec, values }] of weights) values.set(toEngine(spec, valuesOf(checked, name)))
    },
    getOptimizerState() {
      const tensors = new Map<string, NamedTensor>([['step', { shape: [], values: Float32Array.of(state.step) }]])
      for (const [key, spec, slot] of allSlots(weights)) tensors.set(key, toTorch(spec, slot))
      return tensors
    },
    setOptimizerState(given) {
      const shapes = [...allSlots(weights)].map(([key, spec]) => [key, spec.shape] as const)
      const checked = checkTensors('optimizer values', new Map([['step', []], ...shapes]), given)
      for (const [key, spec, slot] of allSlots(weights)) slot.set(toEngine(spec, valuesOf(checked, key)))
      state.step = valuesOf(checked, 'step')[0] ?? 0
    },
  }
  return state
}

function emptyWeight(weight: NetworkWeight, optimizer: Optimizer): StoredWeight {
  const size = elementCount(weight.spec.shape)
  const slotNames = weight.spec.trainable ? optimizer.slotNames : []
  const slots = new Map(slotNames.map((slot) => [slot, new Float32Array(size)]))
  return { ...weight, values: new Float32Array(size), slots }
}

/** Every slot with its key `<weight>.<slot>`. */
function* allSlots(
  weights: ReadonlyMap<string, StoredWeight>,
): Generator<readonly [string, StoredWeight['spec'], Float32Array]> {
  for (const [name, { spec, slots }] of weights) {
    for (const [slot, values] of slots) yield [`${name}.${slot}`, spec, values]
  }
}

function valuesOf(tensors: NamedTensors, name: string): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor) throw new RangeError(`there is no tensor "${name}"`)
  return tensor.values
}
