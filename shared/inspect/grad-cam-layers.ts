import type { AnalyzedLayer } from '../network/analyze'
import { asImage } from '../network/shape'

/** Categories of layers that make maps coarser, or change nothing about them. */
const coarser: ReadonlySet<string> = new Set(['pooling', 'regularization', 'shape'])

/** Layers whose maps Grad-CAM can weigh: those with more than one place, without the picture itself. */
export function gradCamLayers(layers: readonly AnalyzedLayer[]): AnalyzedLayer[] {
  return layers.filter(({ kind, shape }) => {
    const image = asImage(shape)
    return kind.category !== 'input' && image !== null && image.height * image.width > 1
  })
}

/**
 * The one that is weighed where none is named: the end of the last block of convolutions, before pooling makes its maps
 * coarser. Null where no layer has maps.
 */
export function defaultGradCamLayer(layers: readonly AnalyzedLayer[]): AnalyzedLayer | null {
  const withMaps = gradCamLayers(layers)
  return withMaps.findLast(({ kind }) => !coarser.has(kind.category)) ?? withMaps.at(-1) ?? null
}
