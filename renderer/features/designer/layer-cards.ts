import type { LayerCategory } from '../../../shared/layers/define'
import { layerKinds } from '../../../shared/layers/registry'
import type { NetworkAnalysis } from '../../../shared/network/analyze'
import type { LayerNode, NetworkDocument } from '../../../shared/network/document'
import { formatShape } from '../../../shared/network/shape'
import { compact } from '../../i18n/format'
import { t, tn } from '../../i18n/text'
import { keyParams, nodeName } from './layer-text'

/** A hint costs a little and is not marked on the canvas. */
export type Severity = 'error' | 'warning' | 'hint'

/** All that a layer shows on the canvas. Plain values, so that an unchanged layer is not drawn again. */
export interface LayerCard {
  readonly id: string
  readonly name: string
  readonly category: LayerCategory
  readonly params: string
  /** Trained parameters, short; empty for none. */
  readonly count: string
  /** What comes out; empty while that is unknown. */
  readonly shape: string
  readonly severity: Severity | null
  /** What is wrong, in the window's language. */
  readonly problem: string
  /** For screen readers. */
  readonly label: string
  readonly takesInput: boolean
}

export interface Mark {
  readonly severity: Severity
  readonly text: string
}

/** The cards of all layers; those that did not change are the ones of `before`. */
export function layerCards(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  marks: ReadonlyMap<string, Mark>,
  before: ReadonlyMap<string, LayerCard>,
): ReadonlyMap<string, LayerCard> {
  const cards = new Map<string, LayerCard>()
  for (const node of document.layers) {
    const card = cardOf(node, analysis, marks.get(node.id) ?? null)
    const old = before.get(node.id)
    cards.set(node.id, old && same(old, card) ? old : card)
  }
  return cards
}

function cardOf(node: LayerNode, analysis: NetworkAnalysis, mark: Mark | null): LayerCard {
  const layer = analysis.byId.get(node.id)
  const kind = layerKinds.get(node.kind)
  const name = nodeName(node)
  const shape = layer ? formatShape(layer.shape) : ''
  const label = layer
    ? tn('network.nodeLabel', layer.parameterCount, { label: name, id: node.id, shape })
    : t('design.nodeLabel', { label: name, id: node.id })
  return {
    id: node.id,
    name,
    category: kind?.category ?? 'shape',
    params: kind ? keyParams(kind, layer?.params ?? node.params) : '',
    count: layer && layer.parameterCount > 0 ? compact(layer.parameterCount) : '',
    shape,
    severity: mark?.severity ?? null,
    problem: mark?.text ?? '',
    label: mark ? `${label}. ${mark.text}` : label,
    takesInput: (kind?.arity.max ?? 1) > 0,
  }
}

function same(a: LayerCard, b: LayerCard): boolean {
  return (Object.keys(a) as (keyof LayerCard)[]).every((key) => a[key] === b[key])
}
