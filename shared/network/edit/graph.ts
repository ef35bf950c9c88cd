import type { LayerNode, NetworkDocument } from '../document'

export interface Position {
  readonly x: number
  readonly y: number
}

export function layerById(document: NetworkDocument, id: string): LayerNode | undefined {
  return document.layers.find((layer) => layer.id === id)
}

/** The layers that take the output of `id`. */
export function consumersOf(document: NetworkDocument, id: string): LayerNode[] {
  return document.layers.filter((layer) => layer.inputs.includes(id))
}

/** Replaces one layer; every other one keeps its identity. */
export function withLayer(
  document: NetworkDocument,
  id: string,
  change: (layer: LayerNode) => LayerNode,
): NetworkDocument {
  return { ...document, layers: document.layers.map((layer) => (layer.id === id ? change(layer) : layer)) }
}

/** Whether the output of `from` reaches `to`, over any number of layers; true for one and the same layer. */
export function reaches(document: NetworkDocument, from: string, to: string): boolean {
  const byId = new Map(document.layers.map((layer) => [layer.id, layer]))
  const seen = new Set<string>()
  const stack = [to]
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === from) return true
    if (seen.has(id)) continue
    seen.add(id)
    stack.push(...(byId.get(id)?.inputs ?? []))
  }
  return false
}

/** Without groups that have lost all their layers; no empty list is left behind. */
export function withGroups(document: NetworkDocument, groups: NonNullable<NetworkDocument['groups']>): NetworkDocument {
  const { groups: _, ...rest } = document
  const kept = groups.filter((group) => group.layers.length > 0)
  return kept.length > 0 ? { ...rest, groups: kept } : rest
}
