import type { NetworkAnalysis } from '../../../shared/network/analyze'
import { asImage } from '../../../shared/network/shape'

/** A layer whose channels, or features, can be looked at one by one. */
export interface UnitLayer {
  readonly id: string
  readonly channels: number
  /** Its channels have a height and a width. */
  readonly isMap: boolean
  /** The last one: its features are the classes. */
  readonly isOutput: boolean
}

const uninteresting: ReadonlySet<string> = new Set(['input', 'shape', 'regularization'])

/** In the network's order, without those that compute nothing of their own. */
export function unitLayers({ layers, output }: NetworkAnalysis): UnitLayer[] {
  return layers
    .filter(({ kind }) => !uninteresting.has(kind.category))
    .map(({ node, shape }) => ({
      id: node.id,
      channels: shape.at(-1) ?? 1,
      isMap: asImage(shape) !== null,
      isOutput: node.id === output?.node.id,
    }))
}

/** The last layer with maps: what it answers to is still a picture, and no longer an edge. */
export function firstLook(layers: readonly UnitLayer[]): UnitLayer | null {
  return layers.findLast((layer) => layer.isMap) ?? layers[0] ?? null
}
