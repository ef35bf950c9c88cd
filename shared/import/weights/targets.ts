import type { WeightSpec } from '../../layers/define'
import type { AnalyzedLayer, NetworkAnalysis } from '../../network/analyze'
import { asImage, type ImageShape } from '../../network/shape'

/** A weight of our network that a tensor of a file can become. */
export interface WeightTarget {
  /** `conv1.weight` */
  readonly name: string
  readonly layer: string
  readonly spec: WeightSpec
  /** The picture that was flattened into what a dense layer reads, where the order of its values can differ; else null. */
  readonly flattened: ImageShape | null
}

/** Every weight and running statistic, in the order of the layers. */
export function weightTargets(network: Pick<NetworkAnalysis, 'layers' | 'byId'>): WeightTarget[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map((spec) => ({
      name: `${layer.node.id}.${spec.name}`,
      layer: layer.node.id,
      spec,
      flattened: spec.layout === 'linear' ? flattenedInto(network, layer) : null,
    })),
  )
}

/** Layers that keep the order of what they read. */
const keepingOrder: ReadonlySet<string> = new Set(['activation', 'regularization', 'normalization'])

function flattenedInto(network: Pick<NetworkAnalysis, 'byId'>, layer: AnalyzedLayer): ImageShape | null {
  let before = network.byId.get(layer.node.inputs[0] ?? '')
  while (before && keepingOrder.has(before.kind.category)) before = network.byId.get(before.node.inputs[0] ?? '')
  const image = before?.kind.kind === 'flatten' ? asImage(before.inputShapes[0] ?? []) : null
  return image && image.channels > 1 && image.height * image.width > 1 ? image : null
}
