import type { LayerCategory } from '../../../shared/layers/define'
import { layerKinds } from '../../../shared/layers/registry'
import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'
import type { LayerNode, NetworkDocument } from '../../../shared/network/document'
import { formatShape } from '../../../shared/network/shape'
import { compact } from '../../i18n/format'
import { locale, t, tn } from '../../i18n/text'
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

/** What a card was drawn of. */
interface Drawn {
  readonly node: LayerNode
  readonly layer: AnalyzedLayer | undefined
  readonly mark: Mark | undefined
  readonly card: LayerCard
}

/**
 * Gives the cards of all layers by id, time after time: a layer that is the same one as the time before keeps its card, so
 * that an edit writes and draws only what it changes.
 */
export function cardDrawer() {
  let before = new Map<string, Drawn>()
  let language = locale.value

  return function draw(
    document: NetworkDocument,
    analysis: NetworkAnalysis,
    marks: ReadonlyMap<string, Mark>,
  ): ReadonlyMap<string, LayerCard> {
    if (language !== locale.value) before = new Map()
    language = locale.value
    const now = new Map<string, Drawn>()
    for (const node of document.layers) {
      const [layer, mark, old] = [analysis.byId.get(node.id), marks.get(node.id), before.get(node.id)]
      const isSame = old?.node === node && old.layer === layer && sameMark(old.mark, mark)
      now.set(node.id, isSame ? old : { node, layer, mark, card: keep(old?.card, cardOf(node, layer, mark)) })
    }
    before = now
    return new Map([...now].map(([id, { card }]) => [id, card]))
  }
}

function sameMark(a: Mark | undefined, b: Mark | undefined): boolean {
  return a?.severity === b?.severity && a?.text === b?.text
}

/** The card as it was, where it says the same. */
function keep(old: LayerCard | undefined, card: LayerCard): LayerCard {
  return old && (Object.keys(card) as (keyof LayerCard)[]).every((key) => old[key] === card[key]) ? old : card
}

function cardOf(node: LayerNode, layer: AnalyzedLayer | undefined, mark: Mark | undefined): LayerCard {
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
