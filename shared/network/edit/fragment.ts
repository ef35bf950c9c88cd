import { z } from 'zod'
import { layerGroupSchema, layerNodeSchema, type LayerNode, type NetworkDocument } from '../document'
import { withGroups, type Position } from './graph'
import { copyId, takenIds } from './ids'
import { refuse, type Edited } from './result'

export const fragmentFormat = 'convscope.fragment'
export const fragmentVersion = 1

const fragmentSchema = z.strictObject({
  format: z.literal(fragmentFormat),
  version: z.literal(fragmentVersion),
  layers: z.array(layerNodeSchema).min(1),
  groups: z.array(layerGroupSchema).optional(),
})
export type Fragment = z.infer<typeof fragmentSchema>
const headSchema = z.object({ format: z.literal(fragmentFormat), version: z.number() })

/** The layers as JSON text for the clipboard, with the groups that are wholly among them. */
export function copyLayers(document: NetworkDocument, ids: readonly string[]): string | null {
  const fragment = fragmentOf(document, ids)
  return fragment ? JSON.stringify(fragment, null, 2) : null
}

/**
 * Adds the layers of a fragment under free ids, `offset` away from where they were. Inputs inside the fragment follow
 * their copies; inputs from outside are kept where a layer of that id exists here, so that a pasted branch hangs where
 * the original does. Anything else on the clipboard is refused.
 */
export function pasteLayers(document: NetworkDocument, text: string, offset: Position): Edited {
  const fragment = readFragment(text)
  return 'refusal' in fragment ? fragment : addFragment(document, fragment, offset)
}

export function duplicateLayers(document: NetworkDocument, ids: readonly string[], offset: Position): Edited {
  const fragment = fragmentOf(document, ids)
  return fragment ? addFragment(document, fragment, offset) : refuse('nothing-selected')
}

function fragmentOf(document: NetworkDocument, ids: readonly string[]): Fragment | null {
  const chosen = new Set(ids)
  const layers = document.layers.filter((layer) => chosen.has(layer.id))
  if (layers.length === 0) return null
  const groups = (document.groups ?? []).filter((group) => group.layers.every((id) => chosen.has(id)))
  const fragment = { format: fragmentFormat, version: fragmentVersion, layers } as const
  return groups.length > 0 ? { ...fragment, groups } : fragment
}

function readFragment(text: string): Fragment | ReturnType<typeof refuse> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('not-a-fragment')
  }
  const head = headSchema.safeParse(value)
  if (head.success && head.data.version > fragmentVersion)
    return refuse('newer-fragment', { version: head.data.version })
  const parsed = fragmentSchema.safeParse(value)
  return parsed.success ? parsed.data : refuse('not-a-fragment')
}

function addFragment(document: NetworkDocument, fragment: Fragment, offset: Position): Edited {
  const taken = takenIds(document)
  const here = new Set(document.layers.map((layer) => layer.id))
  const input = document.layers.find((layer) => layer.kind === 'input')
  // A network has one Input: a second is left out, and what hung on it hangs on the one that is here.
  const layers = fragment.layers.filter((layer) => !(input && layer.kind === 'input'))
  if (layers.length === 0) return refuse('second-input')
  const ids = new Map<string, string>()
  if (input) for (const layer of fragment.layers) if (layer.kind === 'input') ids.set(layer.id, input.id)
  for (const layer of layers) {
    const id = copyId(layer.id, taken)
    taken.add(id)
    ids.set(layer.id, id)
  }
  const copies = layers.map((layer): LayerNode => {
    const inputs = layer.inputs.flatMap((id) => ids.get(id) ?? (here.has(id) ? id : []))
    const copy = { ...layer, id: ids.get(layer.id) ?? layer.id, inputs }
    if (!layer.position) return copy
    return { ...copy, position: { x: layer.position.x + offset.x, y: layer.position.y + offset.y } }
  })
  const groups = (fragment.groups ?? []).flatMap((group) => {
    const members = layers.filter(({ id }) => group.layers.includes(id)).map(({ id }) => ids.get(id) ?? id)
    if (members.length === 0) return []
    const id = copyId(group.id, taken)
    taken.add(id)
    return [{ ...group, id, layers: members }]
  })
  const next = withGroups({ ...document, layers: [...document.layers, ...copies] }, [
    ...(document.groups ?? []),
    ...groups,
  ])
  return { document: next, ids: copies.map((layer) => layer.id) }
}
