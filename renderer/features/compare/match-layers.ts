import { layerKinds } from '../../../shared/layers/registry'
import type { NetworkAnalysis } from '../../../shared/network/analyze'
import type { LayerNode, NetworkDocument } from '../../../shared/network/document'
import { topologicalOrder } from '../../../shared/network/topology'

export interface Side {
  readonly document: NetworkDocument
  readonly analysis: NetworkAnalysis
}

/** Two layers that stand for the same. */
export interface LayerPair {
  readonly before: string
  readonly after: string
  /** By their ids, by what people call them, or by where they stand and what they are. */
  readonly by: 'id' | 'name' | 'place'
}

/**
 * Which layers of two networks stand for the same: those of one id and kind; then those of one kind and one name, however it
 * is written; then the alignment along both networks that has most in common; at last those of one id, whatever they are.
 */
export function matchLayers(before: Side, after: Side): LayerPair[] {
  const [first, second] = [before, after].map(({ document }) => inOrder(document)) as [LayerNode[], LayerNode[]]
  const pairs = new Map<string, LayerPair>()
  const taken = new Set<string>()
  function add(a: LayerNode, b: LayerNode | undefined, by: LayerPair['by']): void {
    if (!b || pairs.has(a.id) || taken.has(b.id)) return
    pairs.set(a.id, { before: a.id, after: b.id, by })
    taken.add(b.id)
  }

  const ids = new Map(second.map((layer) => [layer.id, layer]))
  for (const layer of first) {
    const same = ids.get(layer.id)
    if (same && areRelated(layer, same)) add(layer, same, 'id')
  }
  for (const layer of first) {
    if (pairs.has(layer.id)) continue
    const alike = (one: LayerNode, other: LayerNode): boolean =>
      one.kind === other.kind && namesOf(one).some((name) => namesOf(other).includes(name))
    const found = second.filter((other) => !taken.has(other.id) && alike(layer, other))
    // A name that several have tells nothing.
    const rivals = first.filter((other) => !pairs.has(other.id) && found[0] && alike(other, found[0]))
    if (found.length === 1 && rivals.length === 1) add(layer, found[0], 'name')
  }
  for (const [a, b] of aligned(first, second, likeness(before, after, pairs, taken))) add(a, b, 'place')
  for (const layer of first) add(layer, ids.get(layer.id), 'id')
  return [...pairs.values()]
}

/** Layers on a cycle stand behind the others. */
function inOrder(document: NetworkDocument): LayerNode[] {
  return [...new Set([...topologicalOrder(document).order, ...document.layers])]
}

function areRelated(a: LayerNode, b: LayerNode): boolean {
  if (a.kind === b.kind) return true
  const category = layerKinds.get(a.kind)?.category
  return category !== undefined && category === layerKinds.get(b.kind)?.category
}

/** `Conv_1` and `conv1` are one name. */
function namesOf({ id, label }: LayerNode): string[] {
  return [id, label ?? ''].map((name) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')).filter(Boolean)
}

type Likeness = (a: LayerNode, b: LayerNode) => number

/** How much two layers have in common, 0 where they must not be taken for each other. Pairs that are known hold the rest in place. */
function likeness(
  before: Side,
  after: Side,
  pairs: ReadonlyMap<string, LayerPair>,
  taken: ReadonlySet<string>,
): Likeness {
  return (a, b) => {
    const known = pairs.get(a.id)
    if (known || taken.has(b.id)) return known?.after === b.id ? 4 : 0
    if (!areRelated(a, b)) return 0
    const [one, other] = [before.analysis.byId.get(a.id), after.analysis.byId.get(b.id)]
    const sameShape = one && other && one.shape.join() === other.shape.join() ? 0.5 : 0
    return (a.kind === b.kind ? 2 + sharedParams(one?.params ?? a.params, other?.params ?? b.params) : 1) + sameShape
  }
}

/** From 0 to 1. */
function sharedParams(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  if (names.length === 0) return 1
  return names.filter((name) => JSON.stringify(a[name]) === JSON.stringify(b[name])).length / names.length
}

/** The pairs, in the order of both lists, of which the sum of likenesses is largest (Needleman and Wunsch 1970; gaps are free). */
function aligned(a: readonly LayerNode[], b: readonly LayerNode[], like: Likeness): [LayerNode, LayerNode][] {
  const width = b.length + 1
  /** The best sum of what follows from `a[i]` and `b[j]` on, by `i * width + j`. */
  const best = new Float64Array((a.length + 1) * width)
  const at = (i: number, j: number): number => best[i * width + j] ?? 0
  const likenesses = a.map((one) => b.map((other) => like(one, other)))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const score = likenesses[i]?.[j] ?? 0
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), score > 0 ? score + at(i + 1, j + 1) : 0)
    }
  }
  const found: [LayerNode, LayerNode][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other, score] = [a[i], b[j], likenesses[i]?.[j] ?? 0]
    if (one && other && score > 0 && at(i, j) === score + at(i + 1, j + 1)) {
      found.push([one, other])
      i++
      j++
    } else if (at(i, j) === at(i + 1, j)) i++
    else j++
  }
  return found
}
