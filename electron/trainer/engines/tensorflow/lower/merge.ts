import type { GraphBuilder, Out } from '../graph/graph'
import { addAll, concatenate, multiply, reshape, slice, snapshot, sum } from '../graph/math'
import { exactly, need, withoutPadding, type Gradients, type Lowering, type LoweringContext } from './context'

/** Operands `x0`, `x1` and so on. */
function rolesOf({ step }: LoweringContext): string[] {
  return Object.keys(step.operands)
}

export const lowerAdd: Lowering<'add'> = (context) => {
  const { graph, mode, isShared } = context
  const roles = rolesOf(context)
  const given = roles.map((role) => need(context, role))
  // Terms that were padded alike stay so: their channels of zeros add up to zeros.
  const alike = given.every(({ out }) => out.dims.at(-1) === given[0]?.out.dims.at(-1))
  const terms = given.map((value) =>
    alike ? { out: value.out, back: (gradient: Out) => gradient } : withoutPadding(graph, value),
  )
  // AddN, since TensorFlow's optimizer moves sums by AddV2 past the pictures that a prediction feeds, and then misses them.
  const total = addAll(
    graph,
    terms.map((term) => term.out),
  )
  // In evaluation TensorFlow's remapper merges convolution, bias, sum and ReLU, also where others read the sum; it then finds
  // them without it, and gives up on the whole graph. A Snapshot, which takes over the sum's memory, is not seen through.
  const out = mode === 'evaluate' && isShared ? snapshot(graph, total) : total
  const backward = (dy: Out): Gradients => Object.fromEntries(roles.map((role, at) => [role, terms[at]?.back(dy)]))
  const channels = given[0]?.channels ?? 1
  return { value: { out, channels }, backward }
}

export const lowerConcatenate: Lowering<'concatenate'> = (context) => {
  const { graph } = context
  const roles = rolesOf(context)
  const parts = roles.map((role) => withoutPadding(graph, need(context, role)))
  const axis = (parts[0]?.out.dims.length ?? 1) - 1
  const out = concatenate(
    graph,
    parts.map((part) => part.out),
    axis,
  )
  function backward(dy: Out): Gradients {
    const gradients: Record<string, Out> = {}
    let start = 0
    for (const [at, part] of parts.entries()) {
      const role = roles[at] ?? ''
      const size = part.out.dims[axis] ?? 0
      if (context.needsGradient(role)) gradients[role] = part.back(channelsOf(graph, dy, start, size))
      start += size
    }
    return gradients
  }
  return { value: exactly(out), backward }
}

function channelsOf(graph: GraphBuilder, x: Out, start: number, size: number): Out {
  const last = x.dims.length - 1
  const begin = x.dims.map((_, axis) => (axis === last ? start : 0))
  return slice(
    graph,
    x,
    begin,
    x.dims.map((_, axis) => (axis === last ? size : -1)),
  )
}

export const lowerMultiply: Lowering<'multiply'> = (context) => {
  const { graph, step } = context
  const a = asFactor(graph, context, 'x0')
  const b = asFactor(graph, context, 'x1')
  function backward(dy: Out): Gradients {
    return {
      x0: context.needsGradient('x0') ? a.back(multiply(graph, dy, b.out)) : undefined,
      x1: context.needsGradient('x1') ? b.back(multiply(graph, dy, a.out)) : undefined,
    }
  }
  const out = { ...multiply(graph, a.out, b.out), dims: [-1, ...step.shape] }
  return { value: exactly(out), backward }
}

/** An operand spread over the image it is multiplied with, where it has one value per channel; the way back sums. */
function asFactor(graph: GraphBuilder, context: LoweringContext, role: string) {
  const { out, back } = withoutPadding(graph, need(context, role))
  const whole = context.step.shape
  if (out.dims.length === whole.length + 1 && out.dims.slice(1).every((size, axis) => size === whole[axis])) {
    return { out, back }
  }
  const channels = out.dims.at(-1) ?? 1
  return {
    out: reshape(graph, out, [-1, 1, 1, channels]),
    back: (gradient: Out) => back(reshape(graph, sum(graph, gradient, [1, 2]), out.dims)),
  }
}
