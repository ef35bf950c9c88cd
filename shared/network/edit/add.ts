import { layerKinds } from '../../layers/registry'
import type { LayerNode, NetworkDocument } from '../document'
import { consumersOf, layerById, withGroups, type Position } from './graph'
import { freshId, idStem, takenIds } from './ids'
import { refuse, type Edited, type Refusal } from './result'

/** Puts a layer with its kind's defaults, connected to nothing. `position` is its upper left corner. */
export function addLayer(document: NetworkDocument, kind: string, position: Position | null): Edited {
  const refusal = refuseKind(document, kind)
  if (refusal) return { refusal }
  const node = newLayer(document, kind, [], position)
  return { document: { ...document, layers: [...document.layers, node] }, ids: [node.id] }
}

/**
 * Puts a layer behind `after`. What took `after`'s output takes the new layer's instead, unless `branch` leaves it where it
 * was. An Input, which takes nothing, goes in front of everything.
 */
export function appendLayer(
  document: NetworkDocument,
  kind: string,
  after: string | null,
  options: { readonly position?: Position | null; readonly branch?: boolean } = {},
): Edited {
  const refusal = refuseKind(document, kind)
  if (refusal) return { refusal }
  const position = options.position ?? null
  const takesNothing = layerKinds.get(kind)?.arity.max === 0
  if (after === null || takesNothing) return addLayer(document, kind, position)
  if (!layerById(document, after)) return refuse('unknown-layer', { id: after })
  const node = newLayer(document, kind, [after], position)
  const layers = options.branch ? document.layers : document.layers.map((layer) => rewire(layer, after, node.id))
  const placed = insertAfter({ ...document, layers }, after, node)
  // Behind the end of a block the network goes on: the block, which may repeat, stays as it is.
  return { document: leavesGroup(document, after) ? placed : inGroupOf(placed, after, node.id), ids: [node.id] }
}

/** Puts a layer into the edge from `from` to the input number `slot` of `to`. */
export function insertOnEdge(
  document: NetworkDocument,
  kind: string,
  edge: { readonly from: string; readonly to: string; readonly slot: number },
  position: Position | null = null,
): Edited {
  const refusal = refuseKind(document, kind)
  if (refusal) return { refusal }
  const target = layerById(document, edge.to)
  if (!target || target.inputs[edge.slot] !== edge.from) return refuse('unknown-layer', { id: edge.to })
  if (layerKinds.get(kind)?.arity.max === 0) return refuse('takes-no-input', { id: kind })
  const node = newLayer(document, kind, [edge.from], position)
  const layers = document.layers.map((layer) => {
    if (layer.id !== edge.to) return layer
    return { ...layer, inputs: layer.inputs.map((id, slot) => (slot === edge.slot ? node.id : id)) }
  })
  const placed = insertAfter({ ...document, layers }, edge.from, node)
  return {
    document: sameGroup(document, edge.from, edge.to) ? inGroupOf(placed, edge.from, node.id) : placed,
    ids: [node.id],
  }
}

/** The layer that a new one goes behind while nothing is selected: the last one whose output nobody takes. */
export function lastLayer(document: NetworkDocument): LayerNode | null {
  const consumed = new Set(document.layers.flatMap((layer) => layer.inputs))
  return document.layers.findLast((layer) => !consumed.has(layer.id)) ?? document.layers.at(-1) ?? null
}

function refuseKind(document: NetworkDocument, kind: string): Refusal | null {
  if (!layerKinds.has(kind)) return refuse('unknown-kind', { kind }).refusal
  const second = kind === 'input' && document.layers.some((layer) => layer.kind === 'input')
  return second ? refuse('second-input').refusal : null
}

function newLayer(
  document: NetworkDocument,
  kind: string,
  inputs: readonly string[],
  position: Position | null,
): LayerNode {
  const node: LayerNode = { id: freshId(idStem(kind), takenIds(document)), kind, params: {}, inputs: [...inputs] }
  return position ? { ...node, position } : node
}

function rewire(layer: LayerNode, from: string, to: string): LayerNode {
  if (!layer.inputs.includes(from)) return layer
  return { ...layer, inputs: layer.inputs.map((id) => (id === from ? to : id)) }
}

/** Documents list layers in the order they compute, as far as the person's edits allow. */
function insertAfter(document: NetworkDocument, after: string, node: LayerNode): NetworkDocument {
  const at = document.layers.findIndex((layer) => layer.id === after) + 1
  return { ...document, layers: [...document.layers.slice(0, at), node, ...document.layers.slice(at)] }
}

function groupOf(document: NetworkDocument, id: string): string | null {
  return document.groups?.find((group) => group.layers.includes(id))?.id ?? null
}

function sameGroup(document: NetworkDocument, a: string, b: string): boolean {
  return groupOf(document, a) !== null && groupOf(document, a) === groupOf(document, b)
}

/** Whether what the layer gives goes out of its block, or nowhere. */
function leavesGroup(document: NetworkDocument, id: string): boolean {
  const takers = consumersOf(document, id)
  return takers.length === 0 || takers.some((taker) => !sameGroup(document, id, taker.id))
}

/** A layer put between two of a block belongs to the block. */
function inGroupOf(document: NetworkDocument, member: string, id: string): NetworkDocument {
  const owner = groupOf(document, member)
  if (owner === null) return document
  const groups = (document.groups ?? []).map((group) => {
    if (group.id !== owner) return group
    const at = group.layers.indexOf(member) + 1
    return { ...group, layers: [...group.layers.slice(0, at), id, ...group.layers.slice(at)] }
  })
  return withGroups(document, groups)
}
