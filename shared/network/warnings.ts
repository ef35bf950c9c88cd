import type { NetworkAnalysis } from './analyze'
import { consumersById } from './consumers'
import type { NetworkWarning, WarningContext, WarningOptions, WarningRule } from './warnings/rule'
import { kernelBeyondPicture, largeDense, poolDrops, receptiveField, strideSkips } from './warnings/sizes'
import {
  biasBeforeNorm,
  boundedLogits,
  deepAndPlain,
  doubledActivation,
  dropoutBeforeNorm,
  noActivation,
  noEffect,
  normSingleValue,
  noWeights,
  softmaxBeforeLoss,
  unusedLayer,
} from './warnings/structure'

const rules: readonly WarningRule[] = [
  noWeights,
  unusedLayer,
  softmaxBeforeLoss,
  boundedLogits,
  noActivation,
  doubledActivation,
  normSingleValue,
  dropoutBeforeNorm,
  biasBeforeNorm,
  noEffect,
  strideSkips,
  kernelBeyondPicture,
  poolDrops,
  receptiveField,
  largeDense,
  deepAndPlain,
]

const usualOptions: WarningOptions = { loss: 'cross-entropy', batchSize: 64 }

/**
 * What runs in a network but is rarely meant, the weightiest first, named by the document's own layers and each once however
 * often its group repeats. Layers below a problem are not looked at.
 */
export function networkWarnings(
  analysis: NetworkAnalysis,
  options: Partial<WarningOptions> = {},
): readonly NetworkWarning[] {
  const context: WarningContext = {
    analysis,
    options: { ...usualOptions, ...options },
    consumers: consumersById(analysis.layers),
    source: (layer) => analysis.byId.get(layer.node.inputs[0] ?? '') ?? null,
  }
  const told = new Map<string, NetworkWarning>()
  for (const warning of rules.flatMap((rule) => rule(context))) {
    const layerId = analysis.origins.get(warning.layerId)?.layerId ?? warning.layerId
    const key = `${layerId} ${warning.code}`
    if (!told.has(key)) told.set(key, { ...warning, layerId })
  }
  const found = [...told.values()]
  return [...found.filter(({ level }) => level === 'warning'), ...found.filter(({ level }) => level === 'hint')]
}
