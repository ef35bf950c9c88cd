import dagre from '@dagrejs/dagre'
import type { NetworkDocument } from '../../../shared/network/document'
import { layerKinds } from '../../../shared/layers/registry'

export interface Placed {
  readonly id: string
  /** Upper left corner. */
  readonly x: number
  readonly y: number
  /** From 0; an edge between two columns runs through the gutter. */
  readonly column: number
}

export interface GraphLayout {
  readonly nodes: readonly Placed[]
  readonly width: number
  readonly height: number
}

export const nodeWidth = 164
export const nodeHeight = 48
/** Room for the shape on an edge. */
export const rankGap = 32
const gutter = 52
/** Dragged layers snap to it, and laid out ones stand on it. */
export const grid = 4
/** Larger than this, letters look coarse. */
export const mostZoom = 1.15
/** How much a layout loses in zoom against one that fills its box better. */
const shapePenalty = 0.15
/** The node behind the last layer that says what comes out. */
export const outputNodeId = '#output'

/**
 * Layers from top to bottom by dagre, wrapped into the number of columns that is shown largest in a box of `width × height`.
 * Columns end where the picture gets smaller (after pooling) if that costs little height, and never inside a block if
 * that can be helped.
 */
export function layOut(document: NetworkDocument, width: number, height: number): GraphLayout {
  const ranks = ranksOf(document)
  const rankHeight = nodeHeight + rankGap
  let best: { readonly breaks: number[]; readonly score: number } = { breaks: [], score: 0 }
  // A network of hundreds of layers fills a wall, not a tower.
  const most = Math.max(6, Math.ceil(Math.sqrt(ranks.length)))
  for (let columns = 1; columns <= Math.min(most, ranks.length); columns++) {
    const breaks = breaksFor(ranks, columns)
    const tallest = Math.max(...columnLengths(ranks.length, breaks))
    const across = (Math.max(...ranks.map((rank) => rank.width)) + gutter) * columns - gutter
    const down = tallest * rankHeight - rankGap
    const zoom = Math.min(mostZoom, width / across, height / down)
    // Nothing reads as easily as one column, as long as that costs no size.
    if (columns === 1 && zoom >= 1) return place(ranks, breaks, rankHeight)
    const score = zoom - shapePenalty * Math.abs(Math.log(across / down / (width / height)))
    if (columns === 1 || score > best.score) best = { breaks, score }
  }
  return place(ranks, best.breaks, rankHeight)
}

/** The layer that the network's output leaves from: the last one that nothing takes; null in a network without one. */
export function endOf(document: NetworkDocument): string | null {
  const consumed = new Set(document.layers.flatMap((layer) => layer.inputs))
  const ends = document.layers.filter((layer) => !consumed.has(layer.id))
  // Two ends are a problem of their own; neither is the output.
  return ends.length === 1 ? (ends[0]?.id ?? null) : null
}

interface Rank {
  readonly nodes: readonly { readonly id: string; readonly x: number }[]
  readonly width: number
  /** How well a column may end behind this rank. */
  readonly end: 'stage' | 'plain' | 'never'
}

function ranksOf(document: NetworkDocument): Rank[] {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: rankGap })
  graph.setDefaultEdgeLabel(() => ({}))
  const ids = new Set(document.layers.map((layer) => layer.id))
  for (const { id } of document.layers) graph.setNode(id, { width: nodeWidth, height: nodeHeight })
  const end = endOf(document)
  if (end !== null) {
    graph.setNode(outputNodeId, { width: nodeWidth, height: nodeHeight })
    graph.setEdge(end, outputNodeId)
  }
  for (const { id, inputs } of document.layers) {
    for (const from of inputs) if (ids.has(from) && from !== id) graph.setEdge(from, id)
  }
  dagre.layout(graph)
  const byY = new Map<number, { id: string; x: number }[]>()
  for (const id of graph.nodes()) {
    const { x, y } = graph.node(id) as { x: number; y: number }
    const key = Math.round(y)
    byY.set(key, [...(byY.get(key) ?? []), { id, x: Math.round((x - nodeWidth / 2) / grid) * grid }])
  }
  const rows = [...byY.entries()].sort(([a], [b]) => a - b).map(([, nodes]) => nodes)
  const kinds = new Map(document.layers.map((layer) => [layer.id, layer.kind]))
  return rows.map((nodes, at) => ({
    nodes,
    width: Math.max(...nodes.map((node) => node.x)) + nodeWidth,
    end: rankEnd(document, nodes, rows[at + 1] ?? [], kinds),
  }))
}

function rankEnd(
  document: NetworkDocument,
  nodes: readonly { readonly id: string }[],
  next: readonly { readonly id: string }[],
  kinds: ReadonlyMap<string, string>,
): Rank['end'] {
  const holds = (group: readonly string[], rank: readonly { readonly id: string }[]) =>
    rank.some(({ id }) => group.includes(id))
  const groups = document.groups ?? []
  if (groups.some(({ layers }) => holds(layers, nodes) && holds(layers, next))) return 'never'
  if (groups.some(({ layers }) => holds(layers, nodes))) return 'stage'
  return nodes.some(({ id }) => layerKinds.get(kinds.get(id) ?? '')?.category === 'pooling') ? 'stage' : 'plain'
}

/** Where to break `ranks` into `columns`: even lengths, moved by up to two ranks to the end of a stage, and out of any block. */
function breaksFor(ranks: readonly Rank[], columns: number): number[] {
  const breaks: number[] = []
  for (let column = 1; column < columns; column++) {
    const even = Math.round((column * ranks.length) / columns)
    const previous = breaks.at(-1) ?? 0
    const nearest = ranks.map((_, at) => at).sort((a, b) => Math.abs(a - even) - Math.abs(b - even))
    const possible = nearest.filter((at) => at > previous)
    const near = possible.filter((at) => Math.abs(at - even) <= 2)
    const stage = near.find((at) => ranks[at - 1]?.end === 'stage')
    const outside = possible.find((at) => ranks[at - 1]?.end !== 'never')
    breaks.push(Math.max(previous + 1, stage ?? outside ?? even))
  }
  return breaks
}

function columnLengths(count: number, breaks: readonly number[]): number[] {
  const edges = [0, ...breaks, count]
  return edges.slice(1).map((end, i) => end - (edges[i] ?? 0))
}

function place(ranks: readonly Rank[], breaks: readonly number[], rankHeight: number): GraphLayout {
  const nodes: Placed[] = []
  let left = 0
  let tallest = 0
  const edges = [0, ...breaks, ranks.length]
  for (let column = 0; column + 1 < edges.length; column++) {
    const rows = ranks.slice(edges[column], edges[column + 1])
    rows.forEach((rank, row) => {
      for (const node of rank.nodes) nodes.push({ id: node.id, x: left + node.x, y: row * rankHeight, column })
    })
    left += Math.max(0, ...rows.map((rank) => rank.width)) + gutter
    tallest = Math.max(tallest, rows.length * rankHeight - rankGap)
  }
  return { nodes, width: Math.max(0, left - gutter), height: tallest }
}
