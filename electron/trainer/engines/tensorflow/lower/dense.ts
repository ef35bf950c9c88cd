import type { Out } from '../graph/graph'
import { matMul, reshape, transpose } from '../graph/math'
import { exactly, need, padLast, withoutPadding, type Gradients, type Lowering } from './context'

/** `x [n, in] · w [in, out]`. */
export const lowerMatMul: Lowering<'matMul'> = (context) => {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const w = need(context, 'w').out
  function backward(dy: Out): Gradients {
    const gradients: Record<string, Out> = {}
    if (context.needsGradient('x')) gradients['x'] = x.back(matMul(graph, dy, w, { b: true }))
    if (context.needsGradient('w')) gradients['w'] = matMul(graph, x.out, dy, { a: true })
    return gradients
  }
  return { value: exactly(matMul(graph, x.out, w)), backward }
}

export const lowerBiasAdd: Lowering<'biasAdd'> = (context) => {
  const { graph } = context
  const x = need(context, 'x')
  const bias = need(context, 'bias').out
  const wide = padLast(graph, bias, x.out.dims.at(-1) ?? x.channels)
  const out = graph.add('BiasAdd', [x.out, wide], { T: { type: 'float32' } }, { dims: x.out.dims })
  function backward(dy: Out): Gradients {
    const whole = graph.add('BiasAddGrad', [dy], { T: { type: 'float32' } }, { dims: wide.dims })
    const dBias = withoutPadding(graph, { out: whole, channels: x.channels }).out
    return { x: dy, bias: context.needsGradient('bias') ? dBias : undefined }
  }
  return { value: { out, channels: x.channels }, backward }
}

/** To `[n, features]`: as it lies in memory where the dense layer's rows are in that order, channel first otherwise. */
export const lowerFlatten: Lowering<'flatten'> = (context, { native }) => {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const features = context.step.shape[0] ?? 1
  if (x.out.dims.length === 2) {
    return { value: exactly(x.out), backward: (dy) => ({ x: x.back(dy) }) }
  }
  const [, height = 1, width = 1, channels = 1] = x.out.dims
  const asItLies = native || channels === 1 || height * width === 1
  const ordered = asItLies ? x.out : transpose(graph, x.out, [0, 3, 1, 2])
  const out = reshape(graph, ordered, [-1, features])
  function backward(dy: Out): Gradients {
    if (asItLies) return { x: x.back(reshape(graph, dy, [-1, height, width, channels])) }
    const planes = reshape(graph, dy, [-1, channels, height, width])
    return { x: x.back(transpose(graph, planes, [0, 2, 3, 1])) }
  }
  return { value: exactly(out), backward }
}
