import { layerGroupSchema, type LayerGroup, type NetworkDocument } from '../document'
import { withGroups } from './graph'
import { freshId, takenIds } from './ids'
import { refuse, type Edited } from './result'

/** The largest `repeat` that a document may say. */
export const mostRepeats = 1000

/** Makes the layers one named block. Layers of another block are refused; a block wholly chosen is taken over. */
export function groupLayers(document: NetworkDocument, ids: readonly string[], label = ''): Edited {
  const chosen = new Set(ids)
  const members = document.layers.filter((layer) => chosen.has(layer.id)).map((layer) => layer.id)
  if (members.length === 0) return refuse('nothing-selected')
  const groups = document.groups ?? []
  const cut = groups.find((group) => {
    const inside = group.layers.filter((id) => chosen.has(id)).length
    return inside > 0 && inside < group.layers.length
  })
  if (cut) return refuse('in-another-group', { group: cut.label ?? cut.id })
  const kept = groups.filter((group) => !group.layers.some((id) => chosen.has(id)))
  const group: LayerGroup = { id: freshId('block', takenIds(document)), layers: members, repeat: 1 }
  const named = label.trim() === '' ? group : { ...group, label: label.trim() }
  return { document: withGroups(document, [...kept, named]), ids: members }
}

/** Dissolves the blocks that hold any of the layers; the layers stay. */
export function ungroupLayers(document: NetworkDocument, ids: readonly string[]): Edited {
  const chosen = new Set(ids)
  const [gone, kept] = [
    (document.groups ?? []).filter((group) => group.layers.some((id) => chosen.has(id))),
    (document.groups ?? []).filter((group) => !group.layers.some((id) => chosen.has(id))),
  ]
  if (gone.length === 0) return refuse('nothing-selected')
  return { document: withGroups(document, kept), ids: gone.flatMap((group) => group.layers) }
}

/** Changes a block's name or how often it repeats. */
export function changeGroup(
  document: NetworkDocument,
  id: string,
  change: { readonly label?: string; readonly repeat?: number },
): Edited {
  const group = document.groups?.find((one) => one.id === id)
  if (!group) return refuse('unknown-layer', { id })
  const { label: before, ...rest } = group
  const label = (change.label ?? before ?? '').trim()
  const next = { ...rest, repeat: change.repeat ?? group.repeat, ...(label === '' ? {} : { label }) }
  const parsed = layerGroupSchema.safeParse(next)
  if (!parsed.success) {
    return parsed.error.issues[0]?.path[0] === 'label'
      ? refuse('label-too-long', { max: 120 })
      : refuse('repeat-range', { max: mostRepeats })
  }
  const groups = (document.groups ?? []).map((one) => (one.id === id ? parsed.data : one))
  return { document: withGroups(document, groups), ids: group.layers }
}
