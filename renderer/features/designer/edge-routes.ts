import type { LayerNode, NetworkDocument } from '../../../shared/network/document'
import type { Places } from './places'
import { endOf, nodeHeight, nodeWidth, outputNodeId } from './graph-layout'

export interface GraphEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  /** Which of the target's inputs it is. */
  readonly slot: number
}

/** The connections of a network, but for those from layers that are not there. */
export function edgesOf(layers: readonly LayerNode[]): GraphEdge[] {
  const known = new Set(layers.map(({ id }) => id))
  return layers.flatMap(({ id: to, inputs }) =>
    inputs.flatMap((from, slot) => (known.has(from) ? { id: `${from}>${to}:${slot}`, from, to, slot } : [])),
  )
}

/** From the layer that the network's output leaves from; null in a network without such a one. */
export function outputEdgeOf(document: NetworkDocument): GraphEdge | null {
  const end = endOf(document)
  return end === null ? null : { id: `${end}>${outputNodeId}`, from: end, to: outputNodeId, slot: 0 }
}

/** How an edge gets past the layers between its ends. */
export interface EdgeRoute {
  /** Canvas x of the lane beside the layers in the way; null where none is in the way. */
  readonly lane: number | null
  /** Where a bend between two columns of x turns: near its end where its beginning is blocked, and the other way round. */
  readonly bend: 'middle' | 'early' | 'late'
}

const plain: EdgeRoute = { lane: null, bend: 'middle' }
const beside = 22
const gutterHalf = 26

/** The ways of all edges, so that a skip connection does not run through the layers that it skips. */
export function routeEdges(edges: readonly GraphEdge[], places: Places): ReadonlyMap<string, EdgeRoute> {
  return new Map(edges.map((edge) => [edge.id, route(edge, places)]))
}

function route(edge: GraphEdge, places: Places): EdgeRoute {
  const [from, to] = [places.get(edge.from), places.get(edge.to)]
  if (!from || !to) return plain
  if (to.y <= from.y + nodeHeight) return { lane: freeLane(from.y, to, places), bend: 'middle' }
  const between = [...places].filter(
    ([id, place]) =>
      id !== edge.from &&
      id !== edge.to &&
      place.y > from.y &&
      place.y + nodeHeight < to.y + nodeHeight &&
      place.y < to.y,
  )
  const blocks = (x: number) => between.filter(([, place]) => Math.abs(place.x - x) < nodeWidth / 2 + 6)
  const [atSource, atTarget] = [blocks(from.x), blocks(to.x)]
  if (from.x === to.x ? atSource.length === 0 : atSource.length === 0 && atTarget.length === 0) return plain
  if (from.x !== to.x && atSource.length === 0) return { lane: null, bend: 'late' }
  if (from.x !== to.x && atTarget.length === 0) return { lane: null, bend: 'early' }
  const right = Math.max(from.x, to.x, ...[...atSource, ...atTarget].map(([, place]) => place.x)) + nodeWidth
  return { lane: right + beside, bend: 'middle' }
}

/** Left of the target, and of everything that stands there between the rows of both ends. */
function freeLane(fromY: number, to: { readonly x: number; readonly y: number }, places: Places): number {
  let lane = to.x - gutterHalf
  for (;;) {
    const inWay = [...places.values()].filter(
      ({ x, y }) => x - 6 < lane && lane < x + nodeWidth + 6 && y > to.y - nodeHeight && y < fromY + nodeHeight,
    )
    if (inWay.length === 0) return lane
    lane = Math.min(...inWay.map(({ x }) => x)) - gutterHalf
  }
}
