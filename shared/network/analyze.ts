import type { z } from 'zod'
import { AppError } from '../errors'
import type { LayerKind, WeightSpec } from '../layers/define'
import { layerKinds } from '../layers/registry'
import type { LayerNode, NetworkDocument } from './document'
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

/** `code` is closed for translation: one of ours, or `layer:<rule>` from a layer kind. */
export interface NetworkProblem {
  readonly layerId: string
  /** The layer whose output does not fit, where an edge is at fault. */
  readonly fromId: string | null
  readonly code: string
  readonly message: string
  readonly params: Readonly<Record<string, string | number>>
}

export interface NetworkAnalysis {
  /** In topological order; layers below a problem are missing. */
  readonly layers: readonly AnalyzedLayer[]
  readonly byId: ReadonlyMap<string, AnalyzedLayer>
  readonly problems: readonly NetworkProblem[]
  readonly input: AnalyzedLayer | null
  readonly output: AnalyzedLayer | null
  readonly parameterCount: number
  readonly multiplyAdds: number
}

/** Infers every shape and cost of a network, and lists all that is wrong with it. Never throws on a parsed document. */
export function analyzeNetwork(document: NetworkDocument): NetworkAnalysis {
  const { order, problems } = topologicalOrder(document)
  const byId = new Map<string, AnalyzedLayer>()
  for (const node of order) {
    const result = analyzeLayer(node, byId)
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
    layers,
    byId,
    problems,
    input: inputs[0] ?? null,
    output: (end && byId.get(end.id)) ?? null,
    parameterCount: layers.reduce((sum, layer) => sum + layer.parameterCount, 0),
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
  }
}

export interface SoundNetwork extends NetworkAnalysis {
  readonly input: AnalyzedLayer
  readonly output: AnalyzedLayer
}

/** The analysis of a network that can run; throws `invalid-network` naming every problem otherwise. */
export function requireSound(document: NetworkDocument): SoundNetwork {
  const analysis = analyzeNetwork(document)
  const { input, output, problems } = analysis
  if (problems.length > 0 || !input || !output) {
    const lines = problems.map((problem) => `${problem.layerId}: ${problem.message}`)
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
  const parsed = kind.params.safeParse(node.params)
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return { ...at, code: 'bad-params', message: `its parameters are wrong (${detail})`, params: { detail } }
  }
  const { min, max } = kind.arity
  if (node.inputs.length < min || node.inputs.length > max) {
    const wanted = min === max ? `${min}` : `${min} to ${max}`
    const message = `takes ${wanted} inputs, but has ${node.inputs.length}`
    return { ...at, code: 'wrong-arity', message, params: { wanted, count: node.inputs.length } }
  }
  const sources = node.inputs.map((id) => done.get(id))
  if (!sources.every((source) => source !== undefined)) return 'blocked'
  const inputShapes = sources.map((source) => source.shape)
  const inferred = kind.infer(parsed.data, inputShapes)
  if ('problem' in inferred) {
    const { rule, message, params } = inferred.problem
    return { layerId: node.id, fromId: node.inputs[0] ?? null, code: `layer:${rule}`, message, params }
  }
  const weights = kind.weights(parsed.data, inputShapes)
  return {
    node,
    kind,
    params: parsed.data,
    inputShapes,
    shape: inferred.shape,
    weights,
    parameterCount: weights.filter((w) => w.trainable).reduce((sum, w) => sum + elementCount(w.shape), 0),
    multiplyAdds: kind.multiplyAdds(parsed.data, inputShapes, inferred.shape),
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

/** Checks that pictures of `dataShape` and `classes` labels fit the network; throws `invalid-network` naming both sides. */
export function requireFit(network: SoundNetwork, data: { title: string; shape: Shape; classes: number }): void {
  const { input, output } = network
  if (formatShape(input.shape) !== formatShape(data.shape)) {
    throw new AppError(
      'invalid-network',
      `The layer "${input.node.id}" takes ${formatShape(input.shape)}, but pictures of ${data.title} are ${formatShape(data.shape)}.`,
      { fix: `Set "${input.node.id}" to ${formatShape(data.shape)}, or choose another data set.` },
    )
  }
  if (formatShape(output.shape) !== formatShape([data.classes])) {
    throw new AppError(
      'invalid-network',
      `The last layer "${output.node.id}" gives ${formatShape(output.shape)}, but ${data.title} has ${data.classes} classes.`,
      { fix: `Let the network end in a Linear layer with ${data.classes} outputs.` },
    )
  }
}
