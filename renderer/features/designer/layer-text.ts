import type { FieldControl, LayerText } from '../../../shared/layers/define'
import type { AnalyzedLayer } from '../../../shared/network/analyze'
import { locale, t } from '../../i18n/text'
import { formatPlain } from '../../lib/number-format'

export function layerText(layer: AnalyzedLayer): LayerText {
  return layer.kind.text[locale.value]
}

/** What the person called the layer, else its kind. */
export function layerName(layer: AnalyzedLayer): string {
  return layer.node.label ?? layerText(layer).label
}

export function formatParam(value: unknown, control: FieldControl): string {
  if (control.control === 'toggle') return t(value ? 'common.on' : 'common.off')
  if (Array.isArray(value)) return value.join(' × ')
  return typeof value === 'number' ? formatPlain(value) : String(value)
}

/** The settings that tell one layer of its kind from another, short enough for a node: `25 · 3 × 3`. */
export function keyParams(layer: AnalyzedLayer): string {
  const { kind, params } = layer
  if (kind.category === 'input' || kind.category === 'normalization') return ''
  const shown = Object.entries(kind.fields)
    .filter(([, { control }]) => control === 'integer' || control === 'pair' || control === 'number')
    .slice(0, kind.category === 'pooling' ? 1 : 2)
  return shown.map(([name, control]) => formatParam(params[name], control).replaceAll(' ', '')).join(' · ')
}
