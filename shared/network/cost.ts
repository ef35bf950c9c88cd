import type { AnalyzedLayer, NetworkAnalysis } from './analyze'
import { receptiveFields, type ReceptiveField } from './receptive-field'
import { elementCount } from './shape'

/** Every engine computes in float32. */
export const bytesPerValue = 4

export interface LayerCost {
  /** Values that the optimizer trains. */
  readonly parameters: number
  /** For one picture, forward. */
  readonly multiplyAdds: number
  /** What the layer's output takes for one picture. */
  readonly activationBytes: number
  readonly receptiveField: ReceptiveField
}

export interface NetworkCost {
  /** By the id in the flat network, in topological order. */
  readonly layers: ReadonlyMap<string, LayerCost>
  readonly parameters: number
  readonly multiplyAdds: number
  readonly activationBytes: number
}

/** Size and work of every layer, and their sums. Layers below a problem are missing, as in the analysis. */
export function networkCost(analysis: NetworkAnalysis): NetworkCost {
  const fields = receptiveFields(analysis)
  const layers = new Map<string, LayerCost>()
  for (const layer of analysis.layers) {
    const receptiveField = fields.get(layer.node.id)
    if (receptiveField) layers.set(layer.node.id, { ...ownCost(layer), receptiveField })
  }
  return {
    layers,
    parameters: analysis.parameterCount,
    multiplyAdds: analysis.multiplyAdds,
    activationBytes: [...layers.values()].reduce((sum, { activationBytes }) => sum + activationBytes, 0),
  }
}

function ownCost(layer: AnalyzedLayer): Omit<LayerCost, 'receptiveField'> {
  return {
    parameters: layer.parameterCount,
    multiplyAdds: layer.multiplyAdds,
    activationBytes: elementCount(layer.shape) * bytesPerValue,
  }
}
