import type { AnalyzedLayer } from './analyze'
import { freshId, idStem, takenIds } from './edit/ids'
import type { Fix, FixContext, FixEdit } from './fix-candidates'
import { insert, pairOf } from './fix-parts'
import { asImage, formatShape, type ImageShape } from './shape'

/** Brings the odd input to the first one's shape, or the first one to the odd one's. */
export function matchShapes(context: FixContext): Fix[] {
  const { analysis, problem } = context
  const odd = analysis.byId.get(problem.fromId ?? '')
  const other = analysis.byId.get(String(problem.params.other ?? ''))
  if (!odd || !other) return []
  return [...keepSize(context, odd, other), ...bring(context, odd, other), ...bring(context, other, odd)]
}

const padded = new Set(['conv2d', 'separable_conv2d'])

/**
 * Pads the convolutions that make one branch smaller than the other, as a skip connection past them asks for; where the
 * channels differ too, the other branch gets a convolution that matches them.
 */
function keepSize(context: FixContext, one: AnalyzedLayer, two: AnalyzedLayer): Fix[] {
  const { analysis, problem } = context
  const [a, b] = [asImage(one.shape), asImage(two.shape)]
  if (!a || !b) return []
  const [smaller, larger] = a.height < b.height || a.width < b.width ? [one, two] : [two, one]
  const [small, size] = smaller === one ? [a, b] : [b, a]
  const shrinking = new Set<string>()
  for (let at: AnalyzedLayer | undefined = smaller; at; at = analysis.byId.get(at.node.inputs[0] ?? '')) {
    const [left, entered] = [asImage(at.shape), asImage(at.inputShapes[0] ?? [])]
    if (!left || !entered || (left.height === size.height && left.width === size.width)) break
    const shrinks = left.height < entered.height || left.width < entered.width
    if (shrinks && padded.has(at.kind.kind) && pairOf(at.params.stride, [1, 1]).every((step) => step === 1))
      shrinking.add(analysis.origins.get(at.node.id)?.layerId ?? at.node.id)
  }
  if (shrinking.size === 0) return []
  const padding = [...shrinking].map((layerId) => ({ type: 'set', layerId, params: { padding: 'same' } }) as const)
  const layers = [...shrinking].reverse().join(', ')
  if (small.channels === size.channels || problem.code === 'layer:concatenate-shapes')
    return [{ code: 'keep-size', layerId: problem.layerId, params: { layers }, edits: padding }]
  const from = larger.node.id
  const [match] = insert(context, 'insert-conv', 'conv2d', { out_channels: small.channels, kernel_size: [1, 1] }, from)
  if (!match) return []
  const edits = [...padding, ...match.edits]
  return [{ code: 'keep-size-match', layerId: problem.layerId, params: { layers, from }, edits }]
}

/** Changes what `layer` gives on its way into the merge until it is of the shape that `to` gives. */
function bring(context: FixContext, layer: AnalyzedLayer, to: AnalyzedLayer): Fix[] {
  const from = layer.node.id
  if (formatShape(layer.shape) === formatShape(to.shape)) return []
  const [own, wanted] = [asImage(layer.shape), asImage(to.shape)]
  if (!own || !wanted) {
    const [features = 1] = to.shape
    return layer.shape.length === 1 && to.shape.length === 1
      ? insert(context, 'insert-linear', 'linear', { out_features: features }, from)
      : []
  }
  const stride = [Math.ceil(own.height / wanted.height), Math.ceil(own.width / wanted.width)]
  const convolution = { out_channels: wanted.channels, kernel_size: [1, 1] }
  const resize = resized(context, from, own, wanted)
  if (context.problem.code === 'layer:concatenate-shapes') return resize
  return [
    ...insert(context, 'insert-conv', 'conv2d', { ...convolution, stride }, from),
    ...resize,
    ...(needsBoth(layer, own, wanted, stride)
      ? resize.flatMap((fix) => withConvolution(context, fix, convolution))
      : []),
  ]
}

/** Whether there are other channels and a smaller size to come to, and no stride of a convolution gives the size. Pictures themselves are not resized so. */
function needsBoth(layer: AnalyzedLayer, own: ImageShape, wanted: ImageShape, stride: readonly number[]): boolean {
  const [down = 1, across = 1] = stride
  const strided = Math.ceil(own.height / down) === wanted.height && Math.ceil(own.width / across) === wanted.width
  const shrinks = own.height >= wanted.height && own.width >= wanted.width
  return own.channels !== wanted.channels && shrinks && !strided && layer.kind.category !== 'input'
}

function resized(context: FixContext, from: string, own: ImageShape, wanted: ImageShape): Fix[] {
  const size = [wanted.height, wanted.width]
  return own.height >= wanted.height && own.width >= wanted.width
    ? insert(context, 'insert-resize', 'adaptive_avg_pool2d', { output_size: size }, from)
    : insert(context, 'insert-resize', 'upsample', { size }, from)
}

/** The same with a convolution before the layer that resizes. */
function withConvolution({ document }: FixContext, fix: Fix, params: Readonly<Record<string, unknown>>): Fix[] {
  const [edit] = fix.edits
  if (edit?.type !== 'insert') return []
  const to = freshId(idStem(edit.kind), takenIds(document))
  const convolution: FixEdit = { ...edit, to, slot: 0, kind: 'conv2d', params }
  return [{ ...fix, code: 'insert-conv-resize', edits: [edit, convolution] }]
}
