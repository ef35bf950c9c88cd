import type { NetworkAnalysis } from '../../../shared/network/analyze'
import type { NetworkDocument } from '../../../shared/network/document'
import { formatShape } from '../../../shared/network/shape'
import type { GraphEdge } from './edge-routes'
import { outputNodeId } from './graph-layout'
import type { LayerCard, Mark } from './layer-cards'

export type EdgeTone = 'data' | 'inner' | 'result' | 'error' | 'warning'

/** What an edge says and how it is coloured. */
export interface EdgeLook {
  /** What flows through it; `?` while that is unknown. */
  readonly shape: string
  readonly tone: EdgeTone
  /** What is wrong with it; empty for nothing. */
  readonly problem: string
}

interface Network {
  readonly document: NetworkDocument
  readonly analysis: NetworkAnalysis
  readonly cards: ReadonlyMap<string, LayerCard>
  /** By `from>to`. */
  readonly marks: ReadonlyMap<string, Mark>
}

/** Gives the looks of all edges by id, time after time: one that is as the time before keeps its object. */
export function lookDrawer() {
  let before = new Map<string, EdgeLook>()

  return function draw(edges: readonly GraphEdge[], network: Network): ReadonlyMap<string, EdgeLook> {
    const shapeOf = shapesOf(network)
    const input = network.analysis.input?.node.id
    const now = new Map<string, EdgeLook>()
    for (const { id, from, to } of edges) {
      const mark = network.marks.get(`${from}>${to}`)
      const plain = to === outputNodeId ? 'result' : from === input ? 'data' : 'inner'
      const tone = mark ? (mark.severity === 'error' ? 'error' : 'warning') : plain
      const look = { shape: shapeOf(from, to), tone, problem: mark?.text ?? '' } as const
      const old = before.get(id)
      const isSame = old?.shape === look.shape && old.tone === look.tone && old.problem === look.problem
      now.set(id, isSame ? old : look)
    }
    before = now
    return now
  }
}

/** What leaves a repeated block leaves its last copy, whose shape may be another one. */
function shapesOf({ document, analysis, cards }: Network): (from: string, to: string) => string {
  const groups = new Map((document.groups ?? []).flatMap((group) => group.layers.map((id) => [id, group] as const)))
  const last = new Map<string, string>()
  for (const { node, shape } of groups.size > 0 ? analysis.layers : []) {
    const origin = analysis.origins.get(node.id)
    if (origin && origin.repeat === groups.get(origin.layerId)?.repeat) last.set(origin.layerId, formatShape(shape))
  }
  return (from, to) => {
    const leaves = groups.get(from) !== groups.get(to)
    return (leaves ? last.get(from) : undefined) ?? (cards.get(from)?.shape || '?')
  }
}
