import { layerIdSchema, type LayerGroup, type LayerNode, type NetworkDocument } from './document'
import type { NetworkProblem } from './problem'

/** The flat network that a document with groups stands for. */
export interface Expansion {
  /** Without groups. The first copy of a group keeps its layers' ids; the others append `_2`, `_3`, ... */
  readonly document: NetworkDocument
  /** The document's own layer and the number of the copy (from 1), by the id in the flat network. */
  readonly origins: ReadonlyMap<string, Origin>
  /** Why a group cannot repeat; it then stands in the flat network once. */
  readonly problems: readonly NetworkProblem[]
}

export interface Origin {
  readonly layerId: string
  readonly repeat: number
}

/** Beyond this a document is refused rather than expanded: nobody draws it, and analysis would take minutes. */
export const mostLayers = 10_000

/**
 * Chains each group `repeat` times: what enters the first copy from outside enters the next one from the copy before, and
 * what left the group leaves the last copy. A group of one entering layer and one exit can repeat, whatever is inside
 * (a residual block's skip connection is the same entry twice).
 */
export function expandGroups(document: NetworkDocument): Expansion {
  const problems: NetworkProblem[] = []
  const origins = new Map<string, Origin>(document.layers.map(({ id }) => [id, { layerId: id, repeat: 1 }]))
  const { groups = [], ...rest } = document
  const owners = new Map<string, LayerGroup>()
  for (const group of groups) problems.push(...claim(group, owners, origins))
  let layers: readonly LayerNode[] = rest.layers
  for (const group of groups) {
    if (group.repeat === 1) continue
    const result = repeatGroup(group, layers, origins)
    if ('code' in result) problems.push(result)
    else layers = result.layers
  }
  return { document: { ...rest, layers: [...layers] }, origins, problems }
}

/** Checks that a group's layers exist and are in no other group. */
function claim(
  group: LayerGroup,
  owners: Map<string, LayerGroup>,
  known: ReadonlyMap<string, Origin>,
): NetworkProblem[] {
  return group.layers.flatMap((id) => {
    const owner = owners.get(id)
    if (owner) {
      const message = `is in the group "${nameOf(owner)}" and in "${nameOf(group)}"`
      return [groupProblem(group, 'group-overlap', message, { other: nameOf(owner) }, id)]
    }
    owners.set(id, group)
    if (known.has(id)) return []
    const message = `is in the group "${nameOf(group)}", whose layer "${id}" does not exist`
    const at = group.layers.find((other) => known.has(other))
    return [groupProblem(group, 'group-unknown-layer', message, { missing: id }, at ?? id)]
  })
}

function repeatGroup(
  group: LayerGroup,
  layers: readonly LayerNode[],
  origins: Map<string, Origin>,
): { readonly layers: LayerNode[] } | NetworkProblem {
  const inside = new Set(group.layers)
  const members = layers.filter(({ id }) => inside.has(id))
  const entries = new Set(members.flatMap(({ inputs }) => inputs.filter((id) => !inside.has(id))))
  const exits = members.filter(({ id }) => leaves(id, inside, layers))
  const [entry] = entries
  const [exit] = exits
  if (entries.size !== 1 || entry === undefined) {
    const message = `is in the group "${nameOf(group)}", which can repeat only when one layer enters it, but ${entries.size} do`
    return groupProblem(group, 'group-entries', message, { count: entries.size, entries: [...entries].join(', ') })
  }
  if (exits.length !== 1 || exit === undefined) {
    const names = exits.map(({ id }) => id).join(', ')
    const message = `is in the group "${nameOf(group)}", which can repeat only when one layer leaves it, but ${exits.length} do`
    return groupProblem(group, 'group-exits', message, { count: exits.length, exits: names })
  }
  const total = layers.length + members.length * (group.repeat - 1)
  if (total > mostLayers) {
    const message = `is in the group "${nameOf(group)}", which would make ${total} layers; at most ${mostLayers} are possible`
    return groupProblem(group, 'group-too-large', message, { count: total, most: mostLayers })
  }
  const copies: LayerNode[] = []
  let before = exit.id
  for (let repeat = 2; repeat <= group.repeat; repeat++) {
    const ids = new Map(members.map(({ id }) => [id, freshId(id, repeat, origins)]))
    for (const member of members) {
      const id = ids.get(member.id) ?? member.id
      const inputs = member.inputs.map((from) => (from === entry ? before : (ids.get(from) ?? from)))
      const { position: _, label, ...copied } = member
      copies.push({ ...copied, id, inputs, ...(label === undefined ? {} : { label: `${label} (${repeat})` }) })
      origins.set(id, { layerId: origins.get(member.id)?.layerId ?? member.id, repeat })
    }
    before = ids.get(exit.id) ?? exit.id
  }
  const rewired = layers.map((layer) => {
    if (inside.has(layer.id) || !layer.inputs.includes(exit.id)) return layer
    return { ...layer, inputs: layer.inputs.map((from) => (from === exit.id ? before : from)) }
  })
  const end = rewired.findLastIndex(({ id }) => inside.has(id)) + 1
  return { layers: [...rewired.slice(0, end), ...copies, ...rewired.slice(end)] }
}

/** Whether a member's output goes out of its group, or nowhere. */
function leaves(id: string, inside: ReadonlySet<string>, layers: readonly LayerNode[]): boolean {
  const consumers = layers.filter(({ inputs }) => inputs.includes(id))
  return consumers.length === 0 || consumers.some((consumer) => !inside.has(consumer.id))
}

/** `conv1_2`: still a valid attribute name in PyTorch, no longer than ids may be, and not taken. */
function freshId(id: string, repeat: number, taken: ReadonlyMap<string, Origin>): string {
  const longest = layerIdSchema.maxLength ?? 64
  for (let underscores = '_'; ; underscores += '_') {
    const suffix = `${underscores}${repeat}`
    const fresh = id.slice(0, longest - suffix.length) + suffix
    if (!taken.has(fresh)) return fresh
  }
}

function nameOf(group: LayerGroup): string {
  return group.label ?? group.id
}

function groupProblem(
  group: LayerGroup,
  code: string,
  message: string,
  params: NetworkProblem['params'],
  layerId = group.layers[0] ?? '',
): NetworkProblem {
  return { layerId, fromId: null, code, message, params: { group: nameOf(group), groupId: group.id, ...params } }
}
