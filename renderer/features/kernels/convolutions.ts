import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'

/** Layers that keep kernels, in order. */
export function convolutionsOf(network: NetworkAnalysis): readonly AnalyzedLayer[] {
  return network.layers.filter((layer) => kernelShape(layer) !== null)
}

/** Sizes of a layer's (first) kernels in PyTorch's layout; null for a layer that has none. */
export function kernelShape(layer: AnalyzedLayer): readonly number[] | null {
  const weight = layer.weights.find(({ layout }) => layout === 'conv' || layout === 'conv_transpose')
  return weight?.shape ?? null
}

/** The layer that is looked at, as far as it is one of these; else the first. */
export function chosenOf(layers: readonly AnalyzedLayer[], wanted: string | null): AnalyzedLayer | null {
  return layers.find(({ node }) => node.id === wanted) ?? layers[0] ?? null
}
