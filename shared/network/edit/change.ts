import { layerIdSchema, type NetworkDocument } from '../document'
import { layerById, withGroups, withLayer, type Position } from './graph'
import { takenIds } from './ids'
import { refuse, type Edited } from './result'

const longestLabel = 120

/** Puts layers at places, given as their upper left corners; others keep theirs. */
export function moveLayers(document: NetworkDocument, places: ReadonlyMap<string, Position>): NetworkDocument {
  let moved = false
  const layers = document.layers.map((layer) => {
    const to = places.get(layer.id)
    if (!to || (layer.position?.x === to.x && layer.position.y === to.y)) return layer
    moved = true
    return { ...layer, position: { x: to.x, y: to.y } }
  })
  return moved ? { ...document, layers } : document
}

/** Forgets where layers stand; they are laid out automatically again. */
export function clearPositions(document: NetworkDocument): NetworkDocument {
  if (document.layers.every((layer) => layer.position === undefined)) return document
  const layers = document.layers.map(({ position: _, ...layer }) => layer)
  return { ...document, layers }
}

/**
 * Sets parameters as they were typed, possible or not: the analysis says what is wrong with them, and nothing typed is
 * lost. `undefined` goes back to the default.
 */
export function setParams(
  document: NetworkDocument,
  id: string,
  params: Readonly<Record<string, unknown>>,
): NetworkDocument {
  if (!layerById(document, id)) return document
  return withLayer(document, id, (layer) => {
    const merged = Object.entries({ ...layer.params, ...params }).filter(([, value]) => value !== undefined)
    return { ...layer, params: Object.fromEntries(merged) }
  })
}

/** Gives a layer another id; inputs and groups that name it follow. Refused unless it is a free identifier. */
export function renameLayer(document: NetworkDocument, id: string, to: string): Edited {
  if (!layerById(document, id)) return refuse('unknown-layer', { id })
  if (id === to) return { document, ids: [id] }
  if (!layerIdSchema.safeParse(to).success) return refuse('id-not-identifier', { id: to })
  if (takenIds(document).has(to)) return refuse('id-taken', { id: to })
  const follow = (one: string): string => (one === id ? to : one)
  const layers = document.layers.map((layer) => {
    if (layer.id !== id && !layer.inputs.includes(id)) return layer
    return { ...layer, id: follow(layer.id), inputs: layer.inputs.map(follow) }
  })
  const groups = (document.groups ?? []).map((group) => ({ ...group, layers: group.layers.map(follow) }))
  return { document: withGroups({ ...document, layers }, groups), ids: [to] }
}

/** Sets the name for people; an empty one goes back to the layer kind's. */
export function labelLayer(document: NetworkDocument, id: string, label: string): Edited {
  const known = layerById(document, id)
  if (!known) return refuse('unknown-layer', { id })
  const text = label.trim()
  if (text.length > longestLabel) return refuse('label-too-long', { max: longestLabel })
  if (text === (known.label ?? '')) return { document, ids: [id] }
  return {
    document: withLayer(document, id, ({ label: _, ...layer }) => (text === '' ? layer : { ...layer, label: text })),
    ids: [id],
  }
}

/** Renames the network itself. */
export function renameNetwork(document: NetworkDocument, name: string): Edited {
  const text = name.trim()
  if (text === '') return refuse('label-empty')
  if (text.length > 200) return refuse('label-too-long', { max: 200 })
  return { document: text === document.name ? document : { ...document, name: text }, ids: [] }
}
