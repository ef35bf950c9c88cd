import type { LayerNode, NetworkDocument } from './document'
import type { NetworkProblem } from './analyze'

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
  const order: LayerNode[] = []
  const placed = new Set<string>()
  let waiting = [...byId.values()]
  for (const layer of waiting) {
    for (const from of layer.inputs.filter((id) => !byId.has(id))) {
      const message = `its input "${from}" does not exist`
      problems.push({ ...report(layer.id, 'unknown-input', message), fromId: from, params: { from } })
    }
  }
  for (;;) {
    const ready = waiting.filter((layer) => layer.inputs.every((id) => placed.has(id)))
    if (ready.length === 0) break
    for (const layer of ready) {
      order.push(layer)
      placed.add(layer.id)
    }
    waiting = waiting.filter((layer) => !placed.has(layer.id))
  }
  for (const layer of waiting.filter((stuck) => isOnCycle(stuck, byId))) {
    problems.push(report(layer.id, 'cycle', 'it depends on its own output'))
  }
  return { order, problems }
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
