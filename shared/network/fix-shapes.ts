import { resolvePadding, paddingSchema } from '../layers/params'
import type { Fix, FixContext } from './fix-candidates'
import { matchShapes } from './fix-merges'
import { change, insert, pairOf, type Pair } from './fix-parts'
import { asImage } from './shape'

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

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** The largest divisor of `n` that is at most `most`. */
function largestDivisor(n: number, most: number): number {
  for (let divisor = Math.min(n, most); divisor > 1; divisor--) if (n % divisor === 0) return divisor
  return 1
}
