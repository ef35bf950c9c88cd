import type { AnalyzedLayer } from './analyze'

/** By a layer's id, those that take its output, each once. */
export function consumersById(layers: readonly AnalyzedLayer[]): ReadonlyMap<string, readonly AnalyzedLayer[]> {
  const consumers = new Map<string, AnalyzedLayer[]>()
  for (const layer of layers) {
    for (const id of new Set(layer.node.inputs)) {
      const known = consumers.get(id)
      if (known) known.push(layer)
      else consumers.set(id, [layer])
    }
  }
  return consumers
}
