import type { LayerNode, NetworkDocument } from './document'
import type { NetworkProblem } from './problem'

/**
 * Layers so that every input comes before its consumer (Kahn's algorithm, document order among equals). Layers on a cycle,
 * with a doubled id or an unknown input are left out and reported.
 */
export function topologicalOrder(document: NetworkDocument): { order: LayerNode[]; problems: NetworkProblem[] } {
  const problems: NetworkProblem[] = []
  const byId = new Map<string, LayerNode>()
  for (const layer of document.layers) {
    if (byId.has(layer.id)) problems.push(report(layer.id, 'doubled-id', 'its id is used twice'))
    else byId.set(layer.id, layer)
  }
  for (const layer of byId.values()) {
    for (const from of layer.inputs.filter((id) => !byId.has(id))) {
      const message = `its input "${from}" does not exist`
      problems.push({ ...report(layer.id, 'unknown-input', message), fromId: from, params: { from } })
    }
  }
  const order = inLevels([...byId.values()])
  const placed = new Set(order)
  const waiting = [...byId.values()].filter((layer) => !placed.has(layer))
  for (const layer of waiting.filter((stuck) => isOnCycle(stuck, byId))) {
    problems.push(report(layer.id, 'cycle', 'it depends on its own output'))
  }
  return { order, problems }
}

/** Each level holds the layers whose last input is in the level before; linear in the number of edges. */
function inLevels(layers: readonly LayerNode[]): LayerNode[] {
  const consumers = new Map<string, LayerNode[]>()
  const missing = new Map<LayerNode, number>()
  const place = new Map(layers.map((layer, index) => [layer, index]))
  for (const layer of layers) {
    const inputs = new Set(layer.inputs)
    missing.set(layer, inputs.size)
    for (const id of inputs) consumers.set(id, [...(consumers.get(id) ?? []), layer])
  }
  const order: LayerNode[] = []
  let level = layers.filter((layer) => missing.get(layer) === 0)
  while (level.length > 0) {
    order.push(...level)
    const next: LayerNode[] = []
    for (const consumer of level.flatMap(({ id }) => consumers.get(id) ?? [])) {
      const left = (missing.get(consumer) ?? 0) - 1
      missing.set(consumer, left)
      if (left === 0) next.push(consumer)
    }
    level = next.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0))
  }
  return order
}

function report(layerId: string, code: string, message: string): NetworkProblem {
  return { layerId, fromId: null, code, message, params: {} }
}

function isOnCycle(start: LayerNode, byId: ReadonlyMap<string, LayerNode>): boolean {
  const seen = new Set<string>()
  const stack = [...start.inputs]
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === start.id) return true
    if (seen.has(id)) continue
    seen.add(id)
    stack.push(...(byId.get(id)?.inputs ?? []))
  }
  return false
}
