import type { LayerKind } from '../layers/define'
import type { AnalyzedLayer } from './analyze'
import type { LayerNode } from './document'
import type { Shape } from './shape'

type Params = LayerNode['params']
type Parsed = ReturnType<LayerKind['params']['safeParse']>

/** One layer's parameters stand in a network several times: once for each copy of its block, with other shapes entering. */
const mostShapes = 8

/**
 * What analyses before found out about single layers. Documents are never changed in place, so the same parameters object
 * with the same shapes entering gives the same layer: after an edit only what it reaches is analysed anew, and every
 * other layer is the very object of the analysis before.
 */
export class LayerMemory {
  private readonly parsed = new WeakMap<Params, { readonly kind: LayerKind; readonly result: Parsed }>()
  private readonly byNode = new WeakMap<LayerNode, AnalyzedLayer>()
  private readonly byParams = new WeakMap<Params, readonly AnalyzedLayer[]>()

  parse(kind: LayerKind, params: Params): Parsed {
    const known = this.parsed.get(params)
    if (known?.kind === kind) return known.result
    const result = kind.params.safeParse(params)
    this.parsed.set(params, { kind, result })
    return result
  }

  find(kind: LayerKind, node: LayerNode, inputShapes: readonly Shape[]): AnalyzedLayer | null {
    const own = this.byNode.get(node)
    if (own && sameShapes(own.inputShapes, inputShapes)) return own
    // Another id, other inputs or another place: the numbers are the same.
    const alike = (this.byParams.get(node.params) ?? []).find(
      (layer) => layer.kind === kind && sameShapes(layer.inputShapes, inputShapes),
    )
    if (!alike) return null
    const layer = { ...alike, node }
    this.byNode.set(node, layer)
    return layer
  }

  keep(layer: AnalyzedLayer): AnalyzedLayer {
    this.byNode.set(layer.node, layer)
    const before = this.byParams.get(layer.node.params) ?? []
    this.byParams.set(layer.node.params, [...before.slice(1 - mostShapes), layer])
    return layer
  }
}

function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, i) => shape === b[i] || shape.join() === b[i]?.join())
}
