import { layerKinds } from '../layers/registry'
import type { LayerNode, NetworkDocument } from './document'
import type { AnalyzedLayer, NetworkAnalysis } from './analyze'
import type { NetworkProblem } from './problem'
import { reaches } from './edit/graph'
import { shapeCandidates } from './fix-shapes'

/** What a fix does, as the window says it in `fix.<code>`; closed for translation. */
export const fixCodes = [
  'insert-flatten',
  'insert-global-pool',
  'insert-reshape',
  'insert-conv',
  'insert-linear',
  'insert-resize',
  'insert-conv-resize',
  'insert-activation',
  'set-padding',
  'keep-size',
  'keep-size-match',
  'set-kernel',
  'set-stride',
  'set-ceil-mode',
  'no-bias',
  'set-groups',
  'set-channels',
  'set-outputs',
  'set-input-size',
  'reset-params',
  'append-classifier',
  'remove-layer',
  'connect',
  'disconnect',
  'add-input',
  'rename',
  'no-repeat',
  'extend-group',
  'drop-missing',
] as const
export type FixCode = (typeof fixCodes)[number]

export type FixEdit =
  | { readonly type: 'set'; readonly layerId: string; readonly params: Readonly<Record<string, unknown>> }
  /** Into the edge from `from` to the input number `slot` of `to`. */
  | {
      readonly type: 'insert'
      readonly from: string
      readonly to: string
      readonly slot: number
      readonly kind: string
      readonly params: LayerNode['params']
    }
  /** One layer behind the other, from `after` on. */
  | {
      readonly type: 'append'
      readonly after: string
      readonly layers: readonly { readonly kind: string; readonly params: LayerNode['params'] }[]
    }
  | { readonly type: 'remove'; readonly layerId: string }
  | { readonly type: 'inputs'; readonly layerId: string; readonly inputs: readonly string[] }
  | { readonly type: 'add-input'; readonly before: string }
  /** Gives the second of two layers with one id another one. */
  | { readonly type: 'rename'; readonly layerId: string }
  | { readonly type: 'no-repeat'; readonly groupId: string }
  | { readonly type: 'drop-missing'; readonly groupId: string }
  | { readonly type: 'extend-group'; readonly groupId: string; readonly layers: readonly string[] }

/** A change that mends a problem. `params` fill the translated sentence; all of it can cross process borders. */
export interface Fix {
  readonly code: FixCode
  readonly layerId: string
  readonly params: Readonly<Record<string, string | number>>
  readonly edits: readonly FixEdit[]
}

export interface FixContext {
  readonly document: NetworkDocument
  readonly analysis: NetworkAnalysis
  readonly problem: NetworkProblem
  readonly node: LayerNode
}

/** What may mend a problem, the likeliest first; `fixesFor` drops what does not. */
export function fixCandidates(context: FixContext): Fix[] {
  const { problem, node, document } = context
  switch (problem.code) {
    case 'unknown-kind':
      return [removeLayer(node)]
    case 'bad-params':
      return resetParams(node)
    case 'no-input':
      return missingInputs(context)
    case 'wrong-arity':
      return [...tooManyInputs(node), ...missingInputs(context)]
    case 'unknown-input':
      return [
        disconnect(
          node,
          node.inputs.filter((id) => document.layers.some((layer) => layer.id === id)),
        ),
        removeLayer(node),
      ]
    case 'cycle':
      return cutCycle(context)
    case 'doubled-id':
      return [{ code: 'rename', layerId: node.id, params: {}, edits: [{ type: 'rename', layerId: node.id }] }]
    case 'one-input':
      return oneInput(context)
    case 'one-output':
      return [...looseOutput(context), removeLayer(node)]
    case 'input-size': {
      const { height = 1, width = 1, channels = 1 } = problem.params
      const params = { height, width, channels }
      return [set('set-input-size', node, params, { size: `${height} × ${width} × ${channels}` })]
    }
    case 'class-count':
      return classCount(context)
    case 'group-unknown-layer':
      return groupFix(problem, 'drop-missing')
    case 'group-entries':
      return [...takeInEntries(context), ...groupFix(problem, 'no-repeat')]
    case 'group-exits':
    case 'group-too-large':
    case 'group-overlap':
      return groupFix(problem, 'no-repeat')
    default:
      return problem.code.startsWith('layer:') ? [...shapeCandidates(context), removeLayer(node)] : []
  }
}

/** `changes` are the layer's new parameters; `params` what the sentence says. */
export function set(
  code: FixCode,
  { id }: LayerNode,
  changes: Readonly<Record<string, unknown>>,
  params: Fix['params'],
): Fix {
  return { code, layerId: id, params, edits: [{ type: 'set', layerId: id, params: changes }] }
}

export function removeLayer({ id }: LayerNode): Fix {
  return { code: 'remove-layer', layerId: id, params: { layer: id }, edits: [{ type: 'remove', layerId: id }] }
}

function connect({ id, inputs }: LayerNode, from: string): Fix {
  const edit = { type: 'inputs', layerId: id, inputs: [...inputs, from] } as const
  return { code: 'connect', layerId: id, params: { from, to: id }, edits: [edit] }
}

function disconnect(node: LayerNode, kept: readonly string[]): Fix {
  const dropped = node.inputs.filter((id) => !kept.includes(id)).join(', ')
  return {
    code: 'disconnect',
    layerId: node.id,
    params: { from: dropped, to: node.id },
    edits: [{ type: 'inputs', layerId: node.id, inputs: kept }],
  }
}

function resetParams(node: LayerNode): Fix[] {
  const kind = layerKinds.get(node.kind)
  const issues = kind?.params.safeParse(node.params).error?.issues ?? []
  const names = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])]))
  const changes = Object.fromEntries(names.map((name) => [name, undefined]))
  return [set('reset-params', node, changes, { names: [...new Set(names)].join(', ') })]
}

function tooManyInputs(node: LayerNode): Fix[] {
  const max = layerKinds.get(node.kind)?.arity.max ?? 0
  if (node.inputs.length <= max) return []
  const kept = node.inputs.slice(0, max)
  const from = node.inputs.slice(max).join(', ')
  const edit = { type: 'inputs', layerId: node.id, inputs: kept } as const
  return [{ code: 'disconnect', layerId: node.id, params: { from, to: node.id }, edits: [edit] }]
}

/** From a layer whose output goes nowhere, or the one that the document lists before. */
function missingInputs({ document, node }: FixContext): Fix[] {
  const min = layerKinds.get(node.kind)?.arity.min ?? 0
  if (node.inputs.length >= min) return []
  const consumed = new Set(document.layers.flatMap(({ inputs }) => inputs))
  const before = document.layers.slice(0, document.layers.indexOf(node)).reverse()
  const loose = document.layers.filter(({ id }) => !consumed.has(id) && !reaches(document, node.id, id))
  const sources = [...new Set([...loose, ...before].map(({ id }) => id))].filter((id) => !node.inputs.includes(id))
  return sources.slice(0, 3).map((from) => connect(node, from))
}

/** To a layer that lacks an input. */
function looseOutput({ document, node }: FixContext): Fix[] {
  return document.layers
    .filter(({ id, kind, inputs }) => {
      const min = layerKinds.get(kind)?.arity.min ?? 0
      return inputs.length < min && id !== node.id && !reaches(document, id, node.id)
    })
    .map((target) => connect(target, node.id))
}

/** The edges of the circle that come from further down in the document are those that closed it. */
function cutCycle({ document, node }: FixContext): Fix[] {
  const place = new Map(document.layers.map(({ id }, index) => [id, index]))
  const onCycle = node.inputs.filter((id) => reaches(document, node.id, id))
  const back = onCycle.filter((id) => (place.get(id) ?? 0) >= (place.get(node.id) ?? 0))
  const cut = new Set(back.length > 0 ? back : onCycle)
  return [
    disconnect(
      node,
      node.inputs.filter((id) => !cut.has(id)),
    ),
  ]
}

function oneInput({ document, node }: FixContext): Fix[] {
  if (node.kind === 'input') return [removeLayer(node)]
  const before = document.layers.find(({ inputs }) => inputs.length === 0) ?? node
  const edit = { type: 'add-input', before: before.id } as const
  return [{ code: 'add-input', layerId: before.id, params: { layer: before.id }, edits: [edit] }]
}

/** Sets the last Linear, where nothing but activations is behind it; else puts one at the end. */
function classCount({ analysis, problem }: FixContext): Fix[] {
  const classes = Number(problem.params.classes)
  const { output } = analysis
  if (!output) return []
  let last: AnalyzedLayer | undefined = output
  while (last && ['activation', 'regularization'].includes(last.kind.category)) {
    last = analysis.byId.get(last.node.inputs[0] ?? '')
  }
  const origin = last && analysis.origins.get(last.node.id)
  const setting =
    last?.kind.kind === 'linear' && origin
      ? [set('set-outputs', { ...last.node, id: origin.layerId }, { out_features: classes }, { count: classes })]
      : []
  const after = analysis.origins.get(output.node.id)?.layerId ?? output.node.id
  const pooling = output.shape.length === 3 ? [{ kind: 'global_avg_pool', params: {} }] : []
  const layers = [...pooling, { kind: 'linear', params: { out_features: classes } }]
  const appending: Fix = {
    code: 'append-classifier',
    layerId: after,
    params: { count: classes },
    edits: [{ type: 'append', after, layers }],
  }
  return [...setting, appending]
}

/** Layers beside the block, on the way from where it begins into it: the projection of a skip connection. */
function takeInEntries({ document, problem }: FixContext): Fix[] {
  const { groupId, group = '' } = problem.params
  const block = document.groups?.find(({ id }) => id === groupId)
  if (!block || typeof groupId !== 'string') return []
  const inside = new Set(block.layers)
  const taken = new Set((document.groups ?? []).flatMap(({ layers }) => layers))
  const entries = new Set(document.layers.filter(({ id }) => inside.has(id)).flatMap(({ inputs }) => inputs))
  const beside = document.layers.filter(({ id, inputs }) => {
    return entries.has(id) && !taken.has(id) && inputs.length > 0 && inputs.every((from) => entries.has(from))
  })
  const layers = beside.map(({ id }) => id)
  if (layers.length === 0) return []
  const edit = { type: 'extend-group', groupId, layers } as const
  return [
    { code: 'extend-group', layerId: problem.layerId, params: { group, layers: layers.join(', ') }, edits: [edit] },
  ]
}

function groupFix(problem: NetworkProblem, type: 'no-repeat' | 'drop-missing'): Fix[] {
  const { groupId, group = '' } = problem.params
  if (typeof groupId !== 'string') return []
  return [{ code: type, layerId: problem.layerId, params: { group }, edits: [{ type, groupId }] }]
}
