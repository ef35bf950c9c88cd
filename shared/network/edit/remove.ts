import type { LayerNode, NetworkDocument } from '../document'
import { withGroups } from './graph'
import { refuse, type Edited } from './result'

/**
 * Removes layers and joins what they stood between: who took a removed layer's output takes that layer's first input
 * instead. A layer with several inputs passes on its first one alone, and a merge does not take the same source twice
 * for it.
 */
export function removeLayers(document: NetworkDocument, ids: readonly string[]): Edited {
  const gone = new Set(ids.filter((id) => document.layers.some((layer) => layer.id === id)))
  if (gone.size === 0) return refuse('nothing-selected')
  // Everything but the Input: a document without any layer is none.
  if (gone.size === document.layers.length)
    gone.delete(document.layers.find((layer) => layer.kind === 'input')?.id ?? '')
  if (gone.size === document.layers.length || gone.size === 0) return refuse('last-layer')
  const byId = new Map(document.layers.map((layer) => [layer.id, layer]))
  const layers = document.layers
    .filter((layer) => !gone.has(layer.id))
    .map((layer) =>
      layer.inputs.some((id) => gone.has(id)) ? { ...layer, inputs: rejoined(layer, gone, byId) } : layer,
    )
  const groups = (document.groups ?? []).map((group) => ({
    ...group,
    layers: group.layers.filter((id) => !gone.has(id)),
  }))
  const neighbour = neighbourOf(document, gone)
  return { document: withGroups({ ...document, layers }, groups), ids: neighbour ? [neighbour] : [] }
}

function rejoined(layer: LayerNode, gone: ReadonlySet<string>, byId: ReadonlyMap<string, LayerNode>): string[] {
  const inputs: string[] = []
  for (const id of layer.inputs) {
    const source = gone.has(id) ? survivor(id, gone, byId) : id
    const doubled = gone.has(id) && source !== null && (inputs.includes(source) || layer.inputs.includes(source))
    if (source !== null && source !== layer.id && !doubled) inputs.push(source)
  }
  return inputs
}

/** The nearest layer before `id` that stays, along first inputs. */
function survivor(id: string, gone: ReadonlySet<string>, byId: ReadonlyMap<string, LayerNode>): string | null {
  const seen = new Set<string>()
  let at: string | undefined = id
  while (at !== undefined && gone.has(at)) {
    // A network with a cycle in it can still be edited.
    if (seen.has(at)) return null
    seen.add(at)
    at = byId.get(at)?.inputs[0]
  }
  return at !== undefined && byId.has(at) ? at : null
}

/** Selected next, so that Delete can be pressed again and the keyboard stays where it was. */
function neighbourOf(document: NetworkDocument, gone: ReadonlySet<string>): string | null {
  const first = document.layers.findIndex((layer) => gone.has(layer.id))
  const before = document.layers.slice(0, first).findLast((layer) => !gone.has(layer.id))
  return (before ?? document.layers.find((layer) => !gone.has(layer.id)))?.id ?? null
}
