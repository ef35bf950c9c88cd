import type { AnalyzedLayer } from '../analyze'
import { elementCount } from '../shape'
import { isBatchNorm, isLinearMap, type NetworkWarning, type WarningContext } from './rule'

/** Two convolutions or dense layers with nothing curved in between compute no more than one of them could. */
export function noActivation({ analysis, source }: WarningContext): NetworkWarning[] {
  return analysis.layers.filter(isLinearMap).flatMap((layer) => {
    let before = source(layer)
    while (before && isLinear(before)) before = source(before)
    // A grouped convolution before a full one is a separable convolution: two on purpose.
    if (!before || !isLinearMap(before) || Number(before.params.groups ?? 1) > 1) return []
    const [from, to] = [before.node.id, layer.node.id]
    const message = `There is no activation between "${from}" and "${to}": together they can learn no more than one layer.`
    return [{ code: 'no-activation', layerId: to, level: 'warning', message, params: { from, to } }]
  })
}

/** Linear maps without mixing weights. */
function isLinear({ kind }: AnalyzedLayer): boolean {
  return (
    kind.category === 'shape' ||
    kind.category === 'regularization' ||
    /^(batch_norm|avg_pool|global_avg)/.test(kind.kind)
  )
}

/** BatchNorm subtracts the mean, and any bias with it (Ioffe and Szegedy 2015, section 3.2). */
export function biasBeforeNorm({ analysis, consumers }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    const next = consumers.get(layer.node.id) ?? []
    const [norm] = next
    if (!isLinearMap(layer) || layer.params.bias !== true || !norm || !next.every(isBatchNorm)) return []
    const count = layer.shape.at(-1) ?? 0
    const [id, to] = [layer.node.id, norm.node.id]
    const message = `The bias of "${id}" (${count} values) has no effect: "${to}" subtracts it again.`
    return [{ code: 'bias-before-norm', layerId: id, level: 'hint', message, params: { layer: id, norm: to, count } }]
  })
}

/** Dropout changes the variance between training and evaluation, which BatchNorm's running statistics then miss (Li et al. 2019). */
export function dropoutBeforeNorm({ analysis, consumers }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    if (layer.kind.category !== 'regularization' || Number(layer.params.p ?? 0) === 0) return []
    const norm = firstBelow(layer, consumers, isBatchNorm)
    if (!norm) return []
    const [id, to] = [layer.node.id, norm.node.id]
    const message = `"${id}" drops values before "${to}", whose running statistics then do not hold in evaluation.`
    return [{ code: 'dropout-before-norm', layerId: id, level: 'warning', message, params: { layer: id, norm: to } }]
  })
}

function firstBelow(
  layer: AnalyzedLayer,
  consumers: WarningContext['consumers'],
  wanted: (layer: AnalyzedLayer) => boolean,
): AnalyzedLayer | null {
  const seen = new Set<AnalyzedLayer>()
  const queue = [...(consumers.get(layer.node.id) ?? [])]
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (wanted(next)) return next
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...(consumers.get(next.node.id) ?? []))
  }
  return null
}

/** One value is its own mean: normalised it is always 0. */
export function normSingleValue({ analysis, options }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    if (layer.kind.category !== 'normalization') return []
    const values = normalizedValues(layer, options.batchSize)
    if (values === null || values > 1) return []
    const id = layer.node.id
    const message = `"${id}" normalises single values, which all become 0.`
    return [{ code: 'norm-single-value', layerId: id, level: 'warning', message, params: { layer: id } }]
  })
}

/** How many values share one mean. */
function normalizedValues({ kind, params, shape }: AnalyzedLayer, batchSize: number): number | null {
  const channels = shape.at(-1) ?? 1
  const all = elementCount(shape)
  if (kind.kind === 'batch_norm2d') return (all / channels) * batchSize
  if (kind.kind === 'group_norm') return all / Number(params.num_groups)
  return kind.kind === 'layer_norm' ? all : null
}

/** Cross-entropy takes logits and has its own softmax. */
export function softmaxBeforeLoss({ analysis, options }: WarningContext): NetworkWarning[] {
  const { output } = analysis
  if (output?.kind.kind !== 'softmax' || options.loss !== 'cross-entropy') return []
  const layer = output.node.id
  const message = `The network ends in "${layer}", but the cross-entropy loss applies softmax itself: learning gets slow.`
  return [{ code: 'softmax-before-loss', layerId: layer, level: 'warning', message, params: { layer } }]
}

/** An activation that cannot give every number keeps the classes from being told apart with certainty. */
export function boundedLogits({ analysis, options }: WarningContext): NetworkWarning[] {
  const { output } = analysis
  if (!output || output.kind.category !== 'activation' || output.kind.kind === 'softmax') return []
  if (options.loss !== 'cross-entropy') return []
  const layer = output.node.id
  const message = `The network ends in the activation "${layer}", which limits the logits that the cross-entropy loss takes.`
  return [{ code: 'bounded-logits', layerId: layer, level: 'warning', message, params: { layer } }]
}

export function noWeights({ analysis }: WarningContext): NetworkWarning[] {
  const [last] = analysis.layers.slice(-1)
  if (!last || analysis.parameterCount > 0) return []
  const message = 'The network has no trainable weights: there is nothing to learn.'
  return [{ code: 'no-weights', layerId: last.node.id, level: 'warning', message, params: {} }]
}

/** Layers that lead to no output of the network. */
export function unusedLayer({ analysis }: WarningContext): NetworkWarning[] {
  const { output, layers } = analysis
  if (!output) return []
  const used = new Set<string>()
  const stack = [output.node.id]
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (used.has(id)) continue
    used.add(id)
    stack.push(...(analysis.byId.get(id)?.node.inputs ?? []))
  }
  return layers.flatMap(({ node: { id } }) => {
    if (used.has(id)) return []
    const message = `"${id}" leads to no output: what it computes is thrown away.`
    return [{ code: 'unused-layer', layerId: id, level: 'warning', message, params: { layer: id } } as const]
  })
}

/** Layers that hand on exactly what enters. */
export function noEffect({ analysis }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    if (!handsOn(layer)) return []
    const id = layer.node.id
    const message = `"${id}" has no effect with these parameters.`
    return [{ code: 'no-effect', layerId: id, level: 'hint', message, params: { layer: id } }]
  })
}

function handsOn({ kind, params, inputShapes, shape }: AnalyzedLayer): boolean {
  const [entering = []] = inputShapes
  if (kind.category === 'regularization') return params.p === 0
  if (kind.category === 'shape') return entering.join() === shape.join()
  return kind.category === 'pooling' && entering.join() === shape.join() && String(params.kernel_size) === '1,1'
}

export function doubledActivation({ analysis, source }: WarningContext): NetworkWarning[] {
  return analysis.layers.flatMap((layer) => {
    const before = source(layer)
    if (layer.kind.category !== 'activation' || before?.kind.kind !== layer.kind.kind) return []
    const [from, id] = [before.node.id, layer.node.id]
    const message = `"${id}" repeats the activation "${from}" right before it.`
    return [{ code: 'doubled-activation', layerId: id, level: 'hint', message, params: { layer: id, from } }]
  })
}

/** Beyond about this depth plain networks train badly (He et al. 2016; VGG with 16 layers needed stages). */
const deepPlain = 14

export function deepAndPlain({ analysis }: WarningContext): NetworkWarning[] {
  const eased = analysis.layers.some(({ kind }) => kind.category === 'normalization' || kind.category === 'merge')
  const weighted = analysis.layers.filter(isLinearMap)
  const last = weighted.at(-1)
  if (eased || !last || weighted.length <= deepPlain) return []
  const count = weighted.length
  const message = `${count} layers follow each other without a skip connection or normalisation: such a network is hard to train.`
  return [{ code: 'deep-and-plain', layerId: last.node.id, level: 'warning', message, params: { count } }]
}
