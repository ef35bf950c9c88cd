import type { GraphBuilder, Out } from '../graph/graph'
import { add, divide, minimum, multiply, reshape, subtract, sum, unary, wherePositive } from '../graph/math'
import { exactly, need, withoutPadding, type LoweredStep, type Lowering, type LoweringContext } from './context'

/** `dy` times the derivative. */
type Derivative = (dy: Out) => Out

/** For functions that keep zero at zero, so that channels of padding stay zeros. */
function keepingZero(context: LoweringContext, compute: (x: Out) => { out: Out; derivative: Derivative }): LoweredStep {
  const x = need(context, 'x')
  const { out, derivative } = compute(x.out)
  const backward = (dy: Out) => ({ x: derivative(dy) })
  return { value: { out, channels: x.channels }, backward }
}

export const lowerLeakyRelu: Lowering<'leakyRelu'> = (context, { slope }) =>
  keepingZero(context, (x) => {
    const { graph } = context
    const attrs = { T: { type: 'float32' }, alpha: { float: slope } } as const
    const out = graph.add('LeakyRelu', [x], attrs, { dims: x.dims })
    // By the sign of the output, which is that of the input: if the gradient read the input, TensorFlow's remapper would
    // fail at merging the function into the convolution before it.
    return { out, derivative: (dy) => graph.add('LeakyReluGrad', [dy, out], attrs, { dims: x.dims }) }
  })

export const lowerElu: Lowering<'elu'> = (context, { alpha }) =>
  keepingZero(context, (x) => {
    const { graph } = context
    const scale = graph.scalar(alpha)
    const bent = multiply(graph, unary(graph, 'Expm1', minimum(graph, x, graph.scalar(0))), scale)
    return {
      out: wherePositive(graph, x, x, bent),
      derivative: (dy) => wherePositive(graph, x, dy, multiply(graph, dy, add(graph, bent, scale))),
    }
  })

export const lowerTanh: Lowering<'tanh'> = (context) =>
  keepingZero(context, (x) => {
    const { graph } = context
    const out = unary(graph, 'Tanh', x)
    return { out, derivative: (dy) => multiply(graph, dy, oneMinusSquare(graph, out)) }
  })

/** The derivative of `x · s` is `s + x · s · (1 - s)`. */
export const lowerSilu: Lowering<'silu'> = (context) =>
  keepingZero(context, (x) => {
    const { graph } = context
    const share = logistic(graph, x)
    const out = multiply(graph, x, share)
    const rest = () => multiply(graph, out, subtract(graph, graph.scalar(1), share))
    return { out, derivative: (dy) => multiply(graph, dy, add(graph, share, rest())) }
  })

export const lowerGelu: Lowering<'gelu'> = (context, { approximate }) =>
  keepingZero(context, (x) => (approximate === 'tanh' ? tanhGelu(context.graph, x) : exactGelu(context.graph, x)))

/** `x · Φ(x)`, whose derivative is `Φ(x) + x · φ(x)`. */
function exactGelu(graph: GraphBuilder, x: Out): { out: Out; derivative: Derivative } {
  const erf = unary(graph, 'Erf', multiply(graph, x, graph.scalar(Math.SQRT1_2)))
  const share = multiply(graph, add(graph, erf, graph.scalar(1)), graph.scalar(0.5))
  function derivative(dy: Out): Out {
    const exponential = unary(graph, 'Exp', multiply(graph, unary(graph, 'Square', x), graph.scalar(-0.5)))
    const density = multiply(graph, exponential, graph.scalar(1 / Math.sqrt(2 * Math.PI)))
    return multiply(graph, dy, add(graph, share, multiply(graph, x, density)))
  }
  return { out: multiply(graph, x, share), derivative }
}

/** `x · t` with `t = (1 + tanh(u)) / 2`, `u = √(2/π) · (x + c · x³)`. */
function tanhGelu(graph: GraphBuilder, x: Out): { out: Out; derivative: Derivative } {
  const cubic = 0.044715
  const root = Math.sqrt(2 / Math.PI)
  const square = unary(graph, 'Square', x)
  const polynomial = (factor: number) =>
    add(graph, multiply(graph, square, graph.scalar(factor * cubic * root)), graph.scalar(root))
  const tanh = unary(graph, 'Tanh', multiply(graph, x, polynomial(1)))
  const share = multiply(graph, add(graph, tanh, graph.scalar(1)), graph.scalar(0.5))
  function derivative(dy: Out): Out {
    const slope = multiply(graph, oneMinusSquare(graph, tanh), polynomial(3))
    const half = multiply(graph, multiply(graph, x, slope), graph.scalar(0.5))
    return multiply(graph, dy, add(graph, share, half))
  }
  return { out: multiply(graph, x, share), derivative }
}

export const lowerSigmoid: Lowering<'sigmoid'> = (context) => {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const out = logistic(graph, x.out)
  const backward = (dy: Out) => ({
    x: x.back(graph.add('SigmoidGrad', [out, dy], { T: { type: 'float32' } }, { dims: out.dims })),
  })
  return { value: exactly(out), backward }
}

export const lowerSoftmax: Lowering<'softmax'> = (context) => {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const last = x.out.dims.length - 1
  // Written out, because TensorFlow's own op takes matrices only.
  const exponentials = unary(graph, 'Exp', subtract(graph, x.out, largest(graph, x.out, last)))
  const out = divide(graph, exponentials, sum(graph, exponentials, [last], true))
  function backward(dy: Out) {
    const mean = sum(graph, multiply(graph, dy, out), [last], true)
    return { x: x.back(multiply(graph, out, subtract(graph, dy, mean))) }
  }
  return { value: exactly(out), backward }
}

export const lowerPrelu: Lowering<'prelu'> = (context) => {
  const { graph } = context
  const x = withoutPadding(graph, need(context, 'x'))
  const slope = need(context, 'slope').out
  const out = wherePositive(graph, x.out, x.out, multiply(graph, x.out, slope))
  function backward(dy: Out) {
    const below = multiply(graph, dy, minimum(graph, x.out, graph.scalar(0)))
    const axes = x.out.dims.map((_, axis) => axis)
    const summed = sum(graph, below, slope.dims[0] === 1 ? axes : axes.slice(0, -1))
    return {
      x: x.back(wherePositive(graph, x.out, dy, multiply(graph, dy, slope))),
      slope: context.needsGradient('slope') ? reshape(graph, summed, slope.dims) : undefined,
    }
  }
  return { value: exactly(out), backward }
}

/**
 * `1 / (1 + exp(-x))`, not TensorFlow's own op: oneDNN's remapper merges that and a product with `x` into the convolution
 * before, even where others read the convolution, and with what follows into an op that does not exist.
 */
function logistic(graph: GraphBuilder, x: Out): Out {
  return unary(graph, 'Reciprocal', add(graph, unary(graph, 'Exp', unary(graph, 'Neg', x)), graph.scalar(1)))
}

function largest(graph: GraphBuilder, x: Out, axis: number): Out {
  const types = { T: { type: 'float32' }, Tidx: { type: 'int32' }, keep_dims: { bool: true } } as const
  return graph.add('Max', [x, graph.ints([axis])], types, { dims: x.dims.map((size, at) => (at === axis ? 1 : size)) })
}

function oneMinusSquare(graph: GraphBuilder, x: Out): Out {
  return subtract(graph, graph.scalar(1), unary(graph, 'Square', x))
}
