import type { NetworkDocument } from '../../../shared/network/document'
import type { Position } from '../../../shared/network/edit/graph'
import { endOf, grid, layOut, nodeHeight, nodeWidth, outputNodeId, rankGap } from './graph-layout'

export type Places = ReadonlyMap<string, Position>

/** Whether nobody has put a layer anywhere: then the whole network is laid out automatically. */
export function isAutomatic(document: NetworkDocument): boolean {
  return document.layers.every((layer) => layer.position === undefined)
}

/** What a layout depends on: it stays as long as this text does, so that typing a number moves nothing. */
export function structureKey(document: NetworkDocument): string {
  const layers = document.layers.map(({ id, kind, inputs }) => `${id}:${kind}<${inputs.join(',')}`)
  return [...layers, ...(document.groups ?? []).map((group) => group.layers.join('+'))].join(' ')
}

/** Where the person put layers; `-` for one that nobody put anywhere. */
export function positionKey(document: NetworkDocument): string {
  return document.layers.map(({ position }) => (position ? `${position.x},${position.y}` : '-')).join(' ')
}

/** The upper left corner of every layer and of the output, in a box of `width × height`. */
export function placesOf(document: NetworkDocument, width: number, height: number): Places {
  if (isAutomatic(document)) {
    return new Map(layOut(document, width, height).nodes.map(({ id, x, y }) => [id, { x, y }]))
  }
  const places = new Map<string, Position>()
  for (const { id, position } of document.layers) if (position) places.set(id, position)
  for (const { id, inputs } of document.layers) {
    if (!places.has(id)) places.set(id, freePlace(places, inputs))
  }
  const end = endOf(document)
  const last = end === null ? undefined : places.get(end)
  if (last) places.set(outputNodeId, { x: last.x, y: last.y + nodeHeight + rankGap })
  return places
}

/** Below the layers that enter, to the right of what stands there already. */
function freePlace(places: Places, inputs: readonly string[]): Position {
  const sources = inputs.flatMap((id) => places.get(id) ?? [])
  const lowest = sources.reduce<Position | null>((low, at) => (low && low.y > at.y ? low : at), null)
  const bottom = Math.max(0, ...[...places.values()].map(({ y }) => y + nodeHeight + rankGap))
  return nextFree(places, lowest ? { x: lowest.x, y: lowest.y + nodeHeight + rankGap } : { x: 0, y: bottom })
}

/** Where copies stand: moved to the right together until none of them covers another layer. */
export function clearOf(places: Places, copies: Places): Places {
  const others = [...places].filter(([id]) => id !== outputNodeId && !copies.has(id)).map(([, place]) => place)
  const step = 7 * grid
  const covers = (shift: number) =>
    [...copies.values()].some(({ x, y }) =>
      others.some((other) => Math.abs(other.x - x - shift) < nodeWidth + 8 && Math.abs(other.y - y) < nodeHeight + 8),
    )
  let shift = 0
  while (covers(shift)) shift += step
  return new Map([...copies].map(([id, { x, y }]) => [id, { x: x + shift, y }]))
}

/** `wanted`, moved to the right until it covers no layer. */
export function nextFree(places: Places, wanted: Position): Position {
  const step = nodeWidth + 28
  let at = wanted
  const covers = (place: Position) =>
    Math.abs(place.x - at.x) < nodeWidth + 8 && Math.abs(place.y - at.y) < nodeHeight + 8
  while ([...places.entries()].some(([id, place]) => id !== outputNodeId && covers(place))) {
    at = { x: at.x + step, y: at.y }
  }
  return at
}

/**
 * Where a layer put between `from` and `to` stands: in the middle of them. `moved` makes room: what stands below in the
 * same column goes down by one row.
 */
export function makeRoom(
  places: Places,
  from: Position,
  to: Position,
): { readonly position: Position; readonly moved: ReadonlyMap<string, Position> } {
  const row = nodeHeight + rankGap
  const moved = new Map<string, Position>()
  if (to.y - from.y < row || Math.abs(to.x - from.x) > nodeWidth) {
    return { position: nextFree(places, { x: from.x, y: from.y + row }), moved }
  }
  const missing = Math.max(0, 2 * row - (to.y - from.y))
  if (missing > 0) {
    for (const [id, place] of places) {
      const below = place.y >= to.y && Math.abs(place.x - to.x) < nodeWidth
      if (below && id !== outputNodeId) moved.set(id, { x: place.x, y: place.y + missing })
    }
  }
  return { position: { x: from.x, y: from.y + row }, moved }
}
