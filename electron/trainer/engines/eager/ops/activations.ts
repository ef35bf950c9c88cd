import {
  add,
  erf,
  exp,
  expm1,
  fill,
  greater,
  minimum,
  mul,
  onesLike,
  relu as rectified,
  reshape,
  sigmoid as logistic,
  softmax as softest,
  square,
  step,
  sub,
  sum,
  tanh as hyperbolicTangent,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { Tape, Value } from '../tape'

export function relu(tape: Tape, x: Value): Value {
  const y = rectified(x.tensor)
  return tape.record(y, [x], (dy) => [mul(dy, step(y))])
}

export function leakyRelu(tape: Tape, x: Value, slope: number): Value {
  const factors = where(isPositive(x), onesLike(x.tensor), fill(x.tensor.shape, slope))
  return tape.record(mul(x.tensor, factors), [x], (dy) => [mul(dy, factors)])
}

/** `slope` is `[1]` or `[channels]`; its gradient sums over all places that it served. */
export function prelu(tape: Tape, x: Value, slope: Value): Value {
  const positive = isPositive(x)
  const ones = onesLike(x.tensor)
  const factors = where(positive, ones, mul(ones, slope.tensor))
  return tape.record(mul(x.tensor, factors), [x, slope], (dy) => {
    const negative = where(positive, zerosLike(x.tensor), x.tensor)
    return [mul(dy, factors), sum(reshape(mul(dy, negative), [-1, slope.tensor.size]), 0)]
  })
}

export function elu(tape: Tape, x: Value, alpha: number): Value {
  const positive = isPositive(x)
  // Above zero the exponential is not looked at, but must not overflow.
  const below = minimum(x.tensor, 0)
  const y = where(positive, x.tensor, mul(expm1(below), alpha))
  return tape.record(y, [x], (dy) => [mul(dy, where(positive, onesLike(dy), mul(exp(below), alpha)))])
}

export function gelu(tape: Tape, x: Value, approximate: 'none' | 'tanh'): Value {
  const [share, slope] = approximate === 'tanh' ? tanhShare(x.tensor) : normalShare(x.tensor)
  return tape.record(mul(x.tensor, share), [x], (dy) => [mul(dy, add(share, mul(x.tensor, slope())))])
}

/** The share of x that GELU lets through, and its derivative: the normal distribution function and its density. */
function normalShare(x: Tensor): [share: Tensor, slope: () => Tensor] {
  const share = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)
  return [share, () => mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))]
}

/** The same by the hyperbolic tangent of a cubic. */
function tanhShare(x: Tensor): [share: Tensor, slope: () => Tensor] {
  const [linear, cubic] = [Math.sqrt(2 / Math.PI), 0.044715]
  const tangent = hyperbolicTangent(mul(mul(x, add(mul(square(x), cubic), 1)), linear))
  const inner = () => mul(add(mul(square(x), 3 * cubic), 1), linear)
  return [mul(add(tangent, 1), 0.5), () => mul(mul(sub(onesLike(x), square(tangent)), inner()), 0.5)]
}

export function silu(tape: Tape, x: Value): Value {
  const share = logistic(x.tensor)
  const y = mul(x.tensor, share)
  return tape.record(y, [x], (dy) => [mul(dy, add(share, mul(y, sub(onesLike(y), share))))])
}

export function sigmoid(tape: Tape, x: Value): Value {
  const y = logistic(x.tensor)
  return tape.record(y, [x], (dy) => [mul(dy, mul(y, sub(onesLike(y), y)))])
}

export function tanh(tape: Tape, x: Value): Value {
  const y = hyperbolicTangent(x.tensor)
  return tape.record(y, [x], (dy) => [mul(dy, sub(onesLike(y), square(y)))])
}

export function softmax(tape: Tape, x: Value): Value {
  const y = softest(x.tensor)
  return tape.record(y, [x], (dy) => {
    const common = sum(mul(dy, y), -1, true)
    return [mul(sub(dy, common), y)]
  })
}

function isPositive(x: Value): Tensor {
  return greater(x.tensor, 0)
}
