import { resolvePadding, paddingSchema } from '../layers/params'
import type { AnalyzedLayer } from './analyze'
import type { Fix, FixCode, FixContext } from './fix-candidates'
import { asImage, formatShape, type Shape } from './shape'

type Pair = readonly [number, number]

/** What may mend a shape that does not fit: something between the two layers, or other parameters of the later one. */
export function shapeCandidates(context: FixContext): Fix[] {
  switch (context.problem.code) {
    case 'layer:needs-flat':
      return [
        insert(context, 'insert-flatten', 'flatten'),
        insert(context, 'insert-global-pool', 'global_avg_pool'),
      ].flat()
    case 'layer:needs-image':
      return unflatten(context)
    case 'layer:kernel-too-large':
    case 'layer:window-too-large':
      return [...paddingThatFits(context), ...kernelThatFits(context)]
    case 'layer:pool-padding':
      return halfPadding(context)
    case 'layer:same-needs-stride-1':
      return paddingInNumbers(context)
    case 'layer:groups-divide':
    case 'layer:norm-groups-divide':
      return dividingGroups(context)
    case 'layer:add-shapes':
    case 'layer:multiply-shapes':
    case 'layer:concatenate-shapes':
      return matchShapes(context)
    case 'layer:reshape-count':
      return [change(context, 'reset-params', { shape: undefined }, { names: 'shape' })]
    case 'layer:output-padding':
      return [change(context, 'reset-params', { output_padding: undefined }, { names: 'output_padding' })]
    case 'layer:transposed-too-small':
      return [change(context, 'set-padding', { padding: [0, 0] }, { padding: '0 × 0' })]
    default:
      return []
  }
}

function change(
  { node }: FixContext,
  code: FixCode,
  changes: Readonly<Record<string, unknown>>,
  params: Fix['params'],
): Fix {
  return { code, layerId: node.id, params, edits: [{ type: 'set', layerId: node.id, params: changes }] }
}

/** Puts a layer into the edge that is at fault, or into the one from `from`. */
function insert(
  { node, problem }: FixContext,
  code: FixCode,
  kind: string,
  params: Readonly<Record<string, unknown>> = {},
  from: string | null = problem.fromId,
): Fix[] {
  const slot = from === null ? -1 : node.inputs.indexOf(from)
  if (from === null || slot < 0) return []
  const edit = { type: 'insert', from, to: node.id, slot, kind, params } as const
  return [{ code, layerId: node.id, params: { from, to: node.id, ...textOf(params) }, edits: [edit] }]
}

function textOf(params: Readonly<Record<string, unknown>>): Fix['params'] {
  const { out_channels: channels, out_features: features, output_size: output, size } = params
  const target = Array.isArray(output) ? output : size
  return {
    ...(typeof channels === 'number' ? { count: channels } : {}),
    ...(typeof features === 'number' ? { count: features } : {}),
    ...(Array.isArray(target) ? { size: target.join(' × ') } : {}),
  }
}

/** Flat values as a picture of one pixel; or the layer that flattened them is taken away. */
function unflatten(context: FixContext): Fix[] {
  const { document, analysis, problem } = context
  const [features] = analysis.byId.get(problem.fromId ?? '')?.shape ?? []
  const source = document.layers.find(({ id }) => id === problem.fromId)
  const flattens = source?.kind === 'flatten' || source?.kind === 'global_avg_pool'
  const removal: Fix[] =
    flattens && source
      ? [
          {
            code: 'remove-layer',
            layerId: source.id,
            params: { layer: source.id },
            edits: [{ type: 'remove', layerId: source.id }],
          },
        ]
      : []
  return [...removal, ...insert(context, 'insert-reshape', 'reshape', { shape: [features ?? 1, 1, 1] })]
}

/** What the window spans along each axis, and the picture that it slides over. */
function windowOf({ node, analysis, problem }: FixContext) {
  const image = asImage(analysis.byId.get(problem.fromId ?? '')?.shape ?? [])
  const kernel = pairOf(node.params.kernel_size, node.kind.endsWith('conv2d') ? [3, 3] : [2, 2])
  const dilation = pairOf(node.params.dilation, [1, 1])
  const size: Pair = [image?.height ?? 1, image?.width ?? 1]
  const span: Pair = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1]
  return { kernel, dilation, size, span, isConvolution: node.kind.endsWith('conv2d') }
}

function paddingThatFits(context: FixContext): Fix[] {
  const { size, span } = windowOf(context)
  const padding = [0, 1].map((axis) => Math.max(0, Math.ceil(((span[axis] ?? 1) - (size[axis] ?? 1)) / 2)))
  return [change(context, 'set-padding', { padding }, { padding: padding.join(' × ') })]
}

function kernelThatFits(context: FixContext): Fix[] {
  const { size, dilation, kernel, isConvolution } = windowOf(context)
  const fitting = [0, 1].map((axis) => {
    const most = Math.floor(((size[axis] ?? 1) - 1) / (dilation[axis] ?? 1)) + 1
    return Math.max(1, Math.min(kernel[axis] ?? 1, most))
  })
  const changes = isConvolution
    ? { kernel_size: fitting, padding: [0, 0] }
    : { kernel_size: fitting, stride: fitting, padding: [0, 0] }
  return [change(context, 'set-kernel', changes, { kernel: fitting.join(' × ') })]
}

function halfPadding(context: FixContext): Fix[] {
  const { kernel } = windowOf(context)
  const padding = kernel.map((size) => Math.floor(size / 2))
  return [change(context, 'set-padding', { padding }, { padding: padding.join(' × ') })]
}

/** As much as `same` pads above and left. */
function paddingInNumbers(context: FixContext): Fix[] {
  const { kernel, dilation } = windowOf(context)
  const { top, left } = resolvePadding(paddingSchema.parse('same'), kernel, dilation)
  return [
    change(context, 'set-padding', { padding: [top, left] }, { padding: `${top} × ${left}` }),
    change(context, 'set-stride', { stride: [1, 1] }, { stride: '1 × 1' }),
  ]
}

function dividingGroups(context: FixContext): Fix[] {
  const { node, analysis, problem } = context
  const entering = analysis.byId.get(problem.fromId ?? '')?.shape.at(-1) ?? 1
  if (node.kind === 'group_norm') {
    const groups = largestDivisor(entering, Number(node.params.num_groups ?? 1))
    return [change(context, 'set-groups', { num_groups: groups }, { groups })]
  }
  const wanted = Number(node.params.groups ?? 1)
  const leaving = Number(node.params.out_channels ?? 16)
  const groups = largestDivisor(greatestCommonDivisor(entering, leaving), wanted)
  const channels = Math.ceil(leaving / wanted) * wanted
  return [
    change(context, 'set-groups', { groups }, { groups }),
    ...(channels === leaving ? [] : [change(context, 'set-channels', { out_channels: channels }, { channels })]),
  ]
}

/** Brings the odd input to the first one's shape, or the first one to the odd one's. */
function matchShapes(context: FixContext): Fix[] {
  const { analysis, problem } = context
  const odd = analysis.byId.get(problem.fromId ?? '')
  const other = analysis.byId.get(String(problem.params.other ?? ''))
  if (!odd || !other) return []
  return [...keepSize(context, odd, other), ...bring(context, odd, other), ...bring(context, other, odd)]
}

const padded = new Set(['conv2d', 'separable_conv2d'])

/** Pads the convolutions that make one branch smaller than the other, as a skip connection past them asks for. */
function keepSize({ analysis, problem }: FixContext, one: AnalyzedLayer, two: AnalyzedLayer): Fix[] {
  const [a, b] = [asImage(one.shape), asImage(two.shape)]
  if (!a || !b) return []
  const [smaller, size] = a.height < b.height || a.width < b.width ? [one, b] : [two, a]
  const shrinking = new Set<string>()
  for (let at: AnalyzedLayer | undefined = smaller; at; at = analysis.byId.get(at.node.inputs[0] ?? '')) {
    const [left, entered] = [asImage(at.shape), asImage(at.inputShapes[0] ?? [])]
    if (!left || !entered || (left.height === size.height && left.width === size.width)) break
    const shrinks = left.height < entered.height || left.width < entered.width
    if (shrinks && padded.has(at.kind.kind) && pairOf(at.params.stride, [1, 1]).every((step) => step === 1))
      shrinking.add(analysis.origins.get(at.node.id)?.layerId ?? at.node.id)
  }
  if (shrinking.size === 0) return []
  const edits = [...shrinking].map((layerId) => ({ type: 'set', layerId, params: { padding: 'same' } }) as const)
  const layers = [...shrinking].reverse().join(', ')
  return [{ code: 'keep-size', layerId: problem.layerId, params: { layers }, edits }]
}

function bring(context: FixContext, layer: AnalyzedLayer, to: AnalyzedLayer): Fix[] {
  const from = layer.node.id
  const [shape, target]: [Shape, Shape] = [layer.shape, to.shape]
  if (formatShape(shape) === formatShape(target)) return []
  const [own, wanted] = [asImage(shape), asImage(target)]
  if (!own || !wanted) {
    const [features = 1] = target
    return shape.length === 1 && target.length === 1
      ? insert(context, 'insert-linear', 'linear', { out_features: features }, from)
      : []
  }
  const stride = [Math.ceil(own.height / wanted.height), Math.ceil(own.width / wanted.width)]
  const size = [wanted.height, wanted.width]
  const smaller = own.height >= wanted.height && own.width >= wanted.width
  const joins = context.problem.code === 'layer:concatenate-shapes'
  const resize = smaller
    ? insert(context, 'insert-resize', 'adaptive_avg_pool2d', { output_size: size }, from)
    : insert(context, 'insert-resize', 'upsample', { size }, from)
  const convolution = { out_channels: wanted.channels, kernel_size: [1, 1], stride }
  return joins ? resize : [...insert(context, 'insert-conv', 'conv2d', convolution, from), ...resize]
}

function pairOf(value: unknown, otherwise: Pair): Pair {
  if (typeof value === 'number') return [value, value]
  if (!Array.isArray(value)) return otherwise
  const [first, second] = value.map(Number)
  return [first ?? otherwise[0], second ?? otherwise[1]]
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** The largest divisor of `n` that is at most `most`. */
function largestDivisor(n: number, most: number): number {
  for (let divisor = Math.min(n, most); divisor > 1; divisor--) if (n % divisor === 0) return divisor
  return 1
}
