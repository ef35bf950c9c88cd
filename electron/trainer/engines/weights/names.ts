import type { WeightSpec } from '../../../../shared/layers/define'
import type { SoundNetwork } from '../../../../shared/network/analyze'

/** A weight of a network under the name that PyTorch's `state_dict` gives it. */
export interface NetworkWeight {
  /** `<layer id>.<attribute>`, such as `conv1.weight`. */
  readonly name: string
  readonly layer: string
  readonly spec: WeightSpec
}

/** Every weight and running statistic, in topological order of the layers. */
export function networkWeights(network: SoundNetwork): NetworkWeight[] {
  return network.layers.flatMap(({ node, weights }) =>
    weights.map((spec) => ({ name: weightName(node.id, spec.name), layer: node.id, spec })),
  )
}

export function weightName(layer: string, attribute: string): string {
  return `${layer}.${attribute}`
}
