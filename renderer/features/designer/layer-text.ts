import type { FieldControl, LayerKind, LayerText } from '../../../shared/layers/define'
import { layerKinds } from '../../../shared/layers/registry'
import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'
import type { LayerNode } from '../../../shared/network/document'
import { locale, t } from '../../i18n/text'
import { formatPlain } from '../../lib/number-format'

export function layerText(layer: AnalyzedLayer): LayerText {
  return layer.kind.text[locale.value]
}

/** What the person called the layer, else its kind. */
export function layerName(layer: AnalyzedLayer): string {
  return nodeName(layer.node)
}

/** The same for a layer that may have something wrong with it. */
export function nodeName(node: LayerNode): string {
  return node.label ?? layerKinds.get(node.kind)?.text[locale.value].label ?? node.kind
}

export function formatParam(value: unknown, control: FieldControl): string {
  if (control.control === 'toggle') return t(value ? 'common.on' : 'common.off')
  if (value === null || value === undefined) return t('common.none')
  if (Array.isArray(value)) return value.join(' × ')
  if (typeof value === 'number') return formatPlain(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The settings that tell one layer of its kind from another, short enough for a node: `25 · 3 × 3`. */
export function keyParams(kind: LayerKind, params: Readonly<Record<string, unknown>>): string {
  if (kind.category === 'input' || kind.category === 'normalization') return ''
  const shown = Object.entries(kind.fields)
    .filter(([name, { control }]) => control !== 'toggle' && control !== 'padding' && params[name] != null)
    .slice(0, kind.category === 'pooling' ? 1 : 2)
  return shown.map(([name, control]) => formatParam(params[name], control).replaceAll(' ', '')).join(' · ')
}

/** How many classes a network tells apart; 0 while it ends in anything but one value a class. */
export function classCount(analysis: NetworkAnalysis | null): number {
  const shape = analysis?.output?.shape ?? []
  return shape.length === 1 ? (shape[0] ?? 0) : 0
}
