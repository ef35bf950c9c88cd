import type { z } from 'zod'
import { AppError } from '../errors'
import type { LayerKind, ShapeProblem, WeightSpec } from '../layers/define'
import { layerKinds } from '../layers/registry'
import type { LayerNode, NetworkDocument } from './document'
import { expandGroups, type Origin } from './groups'
import { LayerMemory } from './layer-memory'
import { describeProblem, type NetworkProblem } from './problem'
import { elementCount, formatShape, type Shape } from './shape'
import { topologicalOrder } from './topology'

export interface AnalyzedLayer {
  readonly node: LayerNode
  readonly kind: LayerKind
  /** The parameters with defaults filled in. */
  readonly params: z.infer<LayerKind['params']>
  readonly inputShapes: readonly Shape[]
  readonly shape: Shape
  readonly weights: readonly WeightSpec[]
  readonly parameterCount: number
  readonly multiplyAdds: number
}

export interface NetworkAnalysis {
  /** The flat network: groups are expanded, so that nothing that trains or writes code needs to know of them. */
  readonly document: NetworkDocument
  /** By the id in the flat network: the layer of the document that it is a copy of. */
  readonly origins: ReadonlyMap<string, Origin>
  /** Of the flat network, in topological order; layers below a problem are missing. */
  readonly layers: readonly AnalyzedLayer[]
  readonly byId: ReadonlyMap<string, AnalyzedLayer>
  /** Named by the document's own layers, each once however often its group repeats. */
  readonly problems: readonly NetworkProblem[]
  readonly input: AnalyzedLayer | null
  readonly output: AnalyzedLayer | null
  readonly parameterCount: number
  readonly multiplyAdds: number
}

/**
 * Infers every shape and cost of a network, and lists all that is wrong with it. Never throws on a parsed document. With the
 * `memory` of earlier versions of a document only what was changed since is looked at again.
 */
export function analyzeNetwork(whole: NetworkDocument, memory = new LayerMemory()): NetworkAnalysis {
  const { document, origins, problems: groupProblems } = expandGroups(whole)
  const { order, problems } = topologicalOrder(document)
  const byId = new Map<string, AnalyzedLayer>()
  for (const node of order) {
    const result = analyzeLayer(node, byId, memory)
    if (result === 'blocked') continue
    if ('code' in result) problems.push(result)
    else byId.set(node.id, result)
  }
  const layers = [...byId.values()]
  const consumed = new Set(document.layers.flatMap((layer) => layer.inputs))
  const inputs = layers.filter((layer) => layer.kind.category === 'input')
  const ends = document.layers.filter((layer) => !consumed.has(layer.id))
  problems.push(...endProblems(document, ends))
  const [end] = ends
  return {
    document,
    origins,
    layers,
    byId,
    problems: [...groupProblems, ...onOriginals(problems, origins)],
    input: inputs[0] ?? null,
    output: (end && byId.get(end.id)) ?? null,
    parameterCount: layers.reduce((sum, layer) => sum + layer.parameterCount, 0),
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
  }
}

/** What is wrong with a copy, told of the layer it was copied from; the same fault of several copies once. */
function onOriginals(
  problems: readonly NetworkProblem[],
  origins: ReadonlyMap<string, Origin>,
): readonly NetworkProblem[] {
  const told = new Map<string, NetworkProblem>()
  for (const problem of problems) {
    const { layerId = problem.layerId, repeat = 1 } = origins.get(problem.layerId) ?? {}
    const fromId = problem.fromId === null ? null : (origins.get(problem.fromId)?.layerId ?? problem.fromId)
    const params = {
      ...problem.params,
      ...(fromId === null ? {} : { from: fromId }),
      ...(repeat === 1 ? {} : { repeat }),
    }
    const message = repeat === 1 ? problem.message : `in repeat ${repeat} of its group, ${problem.message}`
    const key = `${layerId} ${problem.code} ${problem.code === 'unknown-input' ? fromId : ''}`
    if (!told.has(key)) told.set(key, { ...problem, layerId, fromId, message, params })
  }
  return [...told.values()]
}

export interface SoundNetwork extends NetworkAnalysis {
  readonly input: AnalyzedLayer
  readonly output: AnalyzedLayer
}

/** The analysis of a network that can run, with its groups expanded; throws `invalid-network` naming every problem otherwise. */
export function requireSound(document: NetworkDocument): SoundNetwork {
  const analysis = analyzeNetwork(document)
  const { input, output, problems } = analysis
  if (problems.length > 0 || !input || !output) {
    const lines = problems.map(describeProblem)
    throw new AppError('invalid-network', `The network "${document.name}" cannot run. ${lines.join('; ')}.`, {
      fix: 'Mend the layers named above.',
      params: { name: document.name, problems: lines.join('; ') },
    })
  }
  return { ...analysis, input, output }
}

function analyzeLayer(
  node: LayerNode,
  done: ReadonlyMap<string, AnalyzedLayer>,
  memory: LayerMemory,
): AnalyzedLayer | NetworkProblem | 'blocked' {
  const at = { layerId: node.id, fromId: null, params: {} }
  const kind = layerKinds.get(node.kind)
  if (!kind) {
    return {
      ...at,
      code: 'unknown-kind',
      message: `there is no layer kind "${node.kind}"`,
      params: { kind: node.kind },
    }
  }
  const parsed = memory.parse(kind, node.params)
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return { ...at, code: 'bad-params', message: `its parameters are wrong (${detail})`, params: { detail } }
  }
  const { min, max } = kind.arity
  if (node.inputs.length === 0 && min > 0) return { ...at, code: 'no-input', message: 'has no input' }
  if (node.inputs.length < min || node.inputs.length > max) {
    const wanted = min === max ? `${min}` : `${min} to ${max}`
    const message = `takes ${wanted} inputs, but has ${node.inputs.length}`
    return { ...at, code: 'wrong-arity', message, params: { wanted, count: node.inputs.length } }
  }
  const sources = node.inputs.map((id) => done.get(id))
  if (!sources.every((source) => source !== undefined)) return 'blocked'
  const inputShapes = sources.map((source) => source.shape)
  const known = memory.find(kind, node, inputShapes)
  if (known) return known
  const inferred = kind.infer(parsed.data, inputShapes)
  if ('problem' in inferred) return shapeProblem(node, inferred.problem, sources)
  const weights = kind.weights(parsed.data, inputShapes)
  return memory.keep({
    node,
    kind,
    params: parsed.data,
    inputShapes,
    shape: inferred.shape,
    weights,
    parameterCount: weights.filter((w) => w.trainable).reduce((sum, w) => sum + elementCount(w.shape), 0),
    multiplyAdds: kind.multiplyAdds(parsed.data, inputShapes, inferred.shape),
  })
}

/** Where two inputs do not fit each other, the later one is at fault: it was connected to what was there. */
function shapeProblem(node: LayerNode, found: ShapeProblem, sources: readonly AnalyzedLayer[]): NetworkProblem {
  const { rule, message, params } = found
  const [first, ...others] = sources
  const shapeOf = ({ shape }: AnalyzedLayer) => formatShape(shape)
  const named = others.find((source) => shapeOf(source) === params.second)
  const odd = first && (named ?? others.find((source) => shapeOf(source) !== shapeOf(first)))
  const from = odd ?? first
  const edge: NetworkProblem['params'] = from ? { from: from.node.id, fromShape: formatShape(from.shape) } : {}
  const both: NetworkProblem['params'] =
    odd && first ? { other: first.node.id, otherShape: formatShape(first.shape) } : {}
  return {
    layerId: node.id,
    fromId: from?.node.id ?? null,
    code: `layer:${rule}`,
    message,
    params: { ...params, ...edge, ...both },
  }
}

function endProblems(document: NetworkDocument, ends: readonly LayerNode[]): NetworkProblem[] {
  const problems: NetworkProblem[] = []
  const inputs = document.layers.filter((layer) => layer.kind === 'input')
  const at = { fromId: null, params: {} }
  if (inputs.length !== 1) {
    const layerId = inputs[1]?.id ?? document.layers[0]?.id ?? ''
    const message = `a network has exactly one Input layer, this one has ${inputs.length}`
    problems.push({ ...at, layerId, code: 'one-input', message, params: { count: inputs.length } })
  }
  for (const extra of ends.slice(1)) {
    const message = 'its output goes nowhere; a network has exactly one output'
    problems.push({ ...at, layerId: extra.id, code: 'one-output', message })
  }
  return problems
}
