import { layerKinds } from '../layers/registry'
import { analyzeNetwork } from './analyze'
import type { LayerNode, NetworkDocument } from './document'
import { removeLayer, set, type Fix } from './fix-candidates'
import { applyFix } from './fixes'
import { LayerMemory } from './layer-memory'
import type { NetworkWarning } from './warnings/rule'

/**
 * What does away with a warning by one click; none where that is a matter of design. Each was tried: nothing becomes
 * wrong by it. `memory` is that of the document's analysis.
 */
export function warningFixes(document: NetworkDocument, warning: NetworkWarning, memory = new LayerMemory()): Fix[] {
  const node = document.layers.find(({ id }) => id === warning.layerId)
  if (!node) return []
  const before = analyzeNetwork(document, memory).problems.length
  return candidates(node, warning).filter((fix) => {
    const fixed = applyFix(document, fix)
    return fixed !== document && analyzeNetwork(fixed, memory).problems.length <= before
  })
}

function candidates(node: LayerNode, { code, params }: NetworkWarning): Fix[] {
  switch (code) {
    case 'no-activation':
      return insertActivation(node)
    case 'bias-before-norm':
      return [set('no-bias', node, { bias: false }, { layer: node.id })]
    case 'pool-drops':
      return layerKinds.get(node.kind)?.fields.ceil_mode ? [set('set-ceil-mode', node, { ceil_mode: true }, {})] : []
    case 'stride-skips': {
      const stride = String(params.kernel).split(' × ').map(Number)
      return [set('set-stride', node, { stride }, { stride: String(params.kernel) })]
    }
    case 'dropout-before-norm':
    case 'norm-single-value':
    case 'softmax-before-loss':
    case 'bounded-logits':
    case 'no-effect':
    case 'doubled-activation':
    case 'unused-layer':
      return [removeLayer(node)]
    case 'no-weights':
    case 'deep-and-plain':
    case 'receptive-field':
    case 'large-dense':
    case 'kernel-beyond-picture':
      return []
  }
}

function insertActivation({ id, inputs }: LayerNode): Fix[] {
  const [from] = inputs
  if (from === undefined) return []
  const edit = { type: 'insert', from, to: id, slot: 0, kind: 'relu', params: {} } as const
  return [{ code: 'insert-activation', layerId: id, params: { from, to: id }, edits: [edit] }]
}
