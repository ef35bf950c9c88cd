import dagre from '@dagrejs/dagre'
import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'

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
const rankGap = 34
const gutter = 52
/** Larger than this, letters look coarse. */
export const mostZoom = 1.15
/** How much a layout loses in zoom against one that fills its box better. */
const shapePenalty = 0.15
/** The node behind the last layer that says what comes out. */
export const outputNodeId = '#output'

/**
 * Layers from top to bottom by dagre, wrapped into the number of columns that is shown largest in a box of `width × height`.
 * Columns end where the picture gets smaller (after pooling) if that costs little height.
 */
export function layOut(analysis: NetworkAnalysis, width: number, height: number): GraphLayout {
  const ranks = ranksOf(analysis)
  const rankHeight = nodeHeight + rankGap
  let best: { readonly breaks: number[]; readonly score: number } = { breaks: [], score: 0 }
  for (let columns = 1; columns <= Math.min(6, ranks.length); columns++) {
    const breaks = breaksFor(ranks, columns)
    const tallest = Math.max(...columnLengths(ranks.length, breaks))
    const across = (Math.max(...ranks.map((rank) => rank.width)) + gutter) * columns - gutter
    const down = tallest * rankHeight - rankGap
    const zoom = Math.min(mostZoom, width / across, height / down)
    const score = zoom - shapePenalty * Math.abs(Math.log(across / down / (width / height)))
    if (columns === 1 || score > best.score) best = { breaks, score }
  }
  return place(ranks, best.breaks, rankHeight)
}

interface Rank {
  readonly nodes: readonly { readonly id: string; readonly x: number }[]
  readonly width: number
  /** A column may well end behind this rank. */
  readonly endsStage: boolean
}

function ranksOf(analysis: NetworkAnalysis): Rank[] {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: rankGap })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { node } of analysis.layers) graph.setNode(node.id, { width: nodeWidth, height: nodeHeight })
  if (analysis.output) {
    graph.setNode(outputNodeId, { width: nodeWidth, height: nodeHeight })
    graph.setEdge(analysis.output.node.id, outputNodeId)
  }
  for (const { node } of analysis.layers) for (const from of node.inputs) graph.setEdge(from, node.id)
  dagre.layout(graph)
  const byY = new Map<number, { id: string; x: number }[]>()
  for (const id of graph.nodes()) {
    const { x, y } = graph.node(id) as { x: number; y: number }
    const key = Math.round(y)
    byY.set(key, [...(byY.get(key) ?? []), { id, x: x - nodeWidth / 2 }])
  }
  const rows = [...byY.entries()].sort(([a], [b]) => a - b).map(([, nodes]) => nodes)
  return rows.map((nodes) => ({
    nodes,
    width: Math.max(...nodes.map((node) => node.x)) + nodeWidth,
    endsStage: nodes.some(({ id }) => endsStage(analysis.byId.get(id))),
  }))
}

function endsStage(layer: AnalyzedLayer | undefined): boolean {
  return layer?.kind.category === 'pooling'
}

/** Where to break `ranks` into `columns`: even lengths, moved by up to two ranks to the end of a stage. */
function breaksFor(ranks: readonly Rank[], columns: number): number[] {
  const breaks: number[] = []
  for (let column = 1; column < columns; column++) {
    const even = Math.round((column * ranks.length) / columns)
    const near = [even, even - 1, even + 1, even - 2, even + 2]
    const previous = breaks.at(-1) ?? 0
    const stage = near.find((at) => at > previous && at < ranks.length && ranks[at - 1]?.endsStage)
    breaks.push(Math.max(previous + 1, stage ?? even))
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
