import type { GraphBuilder, Out } from '../graph/graph'
import { pad, slice } from '../graph/math'
import type { Mode, Operation, OperationName, Step } from '../program/program'

/**
 * A value in the graph. The last axis may be longer than `channels`: the rest are channels of zeros that let oneDNN take
 * its fast paths. Nothing outside the lowering of a step ever sees them.
 */
export interface Lowered {
  readonly out: Out
  readonly channels: number
}

/** What one step's lowering may use. */
export interface LoweringContext {
  readonly graph: GraphBuilder
  readonly mode: Mode
  readonly step: Step
  /** Whether this convolution's output should be padded to a multiple of 16 channels. */
  readonly padChannels: boolean
  /** Whether several steps read what this one gives. */
  readonly isShared: boolean
  /** int32 `[2]`, different in every training step. */
  readonly seed: Out
  readonly operands: Readonly<Record<string, Lowered | undefined>>
  /** Whether anybody wants the gradient of this operand. */
  needsGradient(role: string): boolean
  /** Stores a new value of a running statistic when the training step runs. */
  updateWeight(role: string, value: Out): void
}

/** Gradients by operand role; each has the operand's own dims. */
export type Gradients = Readonly<Record<string, Out | undefined>>

export interface LoweredStep {
  readonly value: Lowered
  /** `dy` has the value's dims. Null where nobody asks: a BatchNorm folded with the running statistics, for evaluation. */
  readonly backward: ((dy: Out) => Gradients) | null
}

export type Lowering<Name extends OperationName = OperationName> = (
  context: LoweringContext,
  operation: Extract<Operation, { op: Name }>,
) => LoweredStep

export function need(context: LoweringContext, role: string): Lowered {
  const value = context.operands[role]
  if (!value) throw new RangeError(`the ${context.step.operation.op} of ${context.step.layer} has no ${role}`)
  return value
}

export function exactly(out: Out): Lowered {
  return { out, channels: out.dims.at(-1) ?? 1 }
}

/** The value without its padded channels, and the way back for gradients. */
export function withoutPadding(graph: GraphBuilder, value: Lowered): { out: Out; back: (gradient: Out) => Out } {
  const { out, channels } = value
  const padded = out.dims.at(-1) ?? channels
  if (padded === channels) return { out, back: (gradient) => gradient }
  const last = out.dims.length - 1
  const begin = out.dims.map(() => 0)
  const sizes = out.dims.map((_, axis) => (axis === last ? channels : -1))
  return {
    out: slice(graph, out, begin, sizes),
    // Pad, because the gradient that TensorFlow itself gives a slice is ten times slower.
    back: (gradient) => padLast(graph, gradient, padded),
  }
}

/** Zeros behind the last axis up to `size`. */
export function padLast(graph: GraphBuilder, x: Out, size: number): Out {
  const last = x.dims.length - 1
  const missing = size - (x.dims[last] ?? 0)
  if (missing === 0) return x
  return pad(
    graph,
    x,
    x.dims.map((_, axis) => (axis === last ? [0, missing] : [0, 0])),
  )
}

/** The first `size` of the last axis. */
export function firstOfLast(graph: GraphBuilder, x: Out, size: number): Out {
  const last = x.dims.length - 1
  if (x.dims[last] === size) return x
  return slice(
    graph,
    x,
    x.dims.map(() => 0),
    x.dims.map((_, axis) => (axis === last ? size : -1)),
  )
}
