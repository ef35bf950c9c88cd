import type { GraphBuilder, Out } from '../graph/graph'
import { add, mean, multiply, reshape, subtract, sum, unary } from '../graph/math'
import { exactly, need, withoutPadding, type Gradients, type Lowering, type LoweringContext } from './context'

/** Over all values of an example. */
export const lowerLayerNorm: Lowering<'layerNorm'> = (context, { eps }) => {
  const [places, channels] = placesAndChannels(context)
  return lowerNormalization(context, 1, eps, [1, places, channels])
}

export const lowerGroupNorm: Lowering<'groupNorm'> = (context, { groups, eps }) =>
  lowerNormalization(context, groups, eps, [1, 1, placesAndChannels(context)[1]])

/**
 * On `[n, places, channels]`, by group of channels. `affineDims` is how scale and shift lie over that. Two passes for mean
 * and variance, so that nothing is lost to cancellation.
 */
function lowerNormalization(context: LoweringContext, groups: number, eps: number, affineDims: readonly number[]) {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const [places, channels] = placesAndChannels(context)
  const rows = reshape(graph, x.out, [-1, places, channels])
  const scale = context.operands['scale']?.out
  const shift = context.operands['shift']?.out
  const average = (values: Out) => groupMean(graph, values, groups)

  const centred = subtract(graph, rows, average(rows))
  const variance = average(unary(graph, 'Square', centred))
  const inverse = unary(graph, 'Rsqrt', add(graph, variance, graph.scalar(eps)))
  const normal = multiply(graph, centred, inverse)
  const scaled = scale ? multiply(graph, normal, reshape(graph, scale, affineDims)) : normal
  const shifted = shift ? add(graph, scaled, reshape(graph, shift, affineDims)) : scaled

  /** Over the batch, and over the places where one value serves all of them. */
  const axes = affineDims.flatMap((size, axis) => (size === 1 && axis < 2 ? [axis] : []))
  const summed = (values: Out, like: Out) => reshape(graph, sum(graph, values, axes), like.dims)
  function backward(given: Out): Gradients {
    const dy = reshape(graph, given, [-1, places, channels])
    const gradients: Record<string, Out> = {}
    if (scale && context.needsGradient('scale')) gradients['scale'] = summed(multiply(graph, dy, normal), scale)
    if (shift && context.needsGradient('shift')) gradients['shift'] = summed(dy, shift)
    if (!context.needsGradient('x')) return gradients
    const dNormal = scale ? multiply(graph, dy, reshape(graph, scale, affineDims)) : dy
    const along = multiply(graph, normal, average(multiply(graph, dNormal, normal)))
    const across = subtract(graph, subtract(graph, dNormal, average(dNormal)), along)
    return { ...gradients, x: x.back(reshape(graph, multiply(graph, across, inverse), x.out.dims)) }
  }
  return {
    value: exactly(reshape(graph, shifted, x.out.dims)),
    backward,
  }
}

/** Places of an image and its channels; a flat input has one place. */
function placesAndChannels({ step }: LoweringContext): [number, number] {
  const channels = step.shape.at(-1) ?? 1
  return [step.shape.slice(0, -1).reduce((product, size) => product * size, 1), channels]
}

/** `[n, places, channels]` to `[n, 1, channels]`: in each channel the mean of its whole group. */
function groupMean(graph: GraphBuilder, values: Out, groups: number): Out {
  const channels = values.dims[2] ?? 1
  const perChannel = reshape(graph, mean(graph, values, [1]), [-1, groups, channels / groups])
  const perGroup = mean(graph, perChannel, [2], true)
  const ones = graph.filled(channels / groups, 1)
  return reshape(graph, multiply(graph, perGroup, ones), [-1, 1, channels])
}
