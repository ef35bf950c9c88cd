import type { GraphBuilder, Out } from '../graph/graph'
import { addAll, identity } from '../graph/math'
import {
  stepsThatNeedGradients,
  usersOf,
  type Mode,
  type Operation,
  type OperationName,
  type Program,
  type Step,
} from '../program/program'
import {
  lowerElu,
  lowerGelu,
  lowerLeakyRelu,
  lowerPrelu,
  lowerSigmoid,
  lowerSilu,
  lowerSoftmax,
  lowerTanh,
} from './activations'
import { lowerAvgPool } from './avg-pool'
import { lowerAdaptiveAvgPool, lowerResize } from './axis-maps'
import { lowerBatchNorm } from './batch-norm'
import { exactly, type Gradients, type Lowered, type LoweredStep, type LoweringContext } from './context'
import { lowerConv2d } from './conv2d'
import { lowerConvTranspose2d } from './conv-transpose2d'
import { lowerBiasAdd, lowerFlatten, lowerMatMul } from './dense'
import { lowerDropout, lowerRelu } from './elementwise'
import { lowerFoldBatchNorm, lowerFoldedKernel, lowerFoldedShift } from './fold-batch-norm'
import { lowerMaxPool } from './max-pool'
import { lowerAdd, lowerConcatenate, lowerMultiply } from './merge'
import { lowerGroupNorm, lowerLayerNorm } from './normalization'
import { lowerReshape, lowerZeroPad } from './reshape'

/** What a lowered program is connected to. */
export interface ProgramInputs {
  readonly pictures: Out
  readonly seed: Out
  /** The weight's present value, in the engine's layout. */
  weight(name: string): Out
}

export interface LoweredProgram {
  readonly logits: Out
  /** New running statistics by weight name; empty in evaluation. */
  readonly updates: ReadonlyMap<string, Out>
  /** What a step gives, by its number. */
  output(step: number): Out
  /** Gradient of every trainable weight, given the logits'. Call once, in training mode. */
  differentiate(dLogits: Out): ReadonlyMap<string, Out>
  /** Gradients of the steps `by`, given that of the step `of`; null where `of` does not depend on a step. */
  gradientsOf(of: number, dy: Out, by: readonly number[]): (Out | null)[]
}

interface TapeEntry {
  readonly step: Step
  readonly backward: (dy: Out) => Gradients
}

export interface LoweringOptions {
  /** The steps that gradients are passed through and to; those that training needs where absent. */
  readonly wanted?: ReadonlySet<number>
  /** Steps whose outputs are fetched beside what follows from them. */
  readonly seen?: ReadonlySet<number>
}

/** Adds a program's forward pass to the graph and remembers how to go back: reverse-mode differentiation, op by op. */
export function lowerProgram(
  graph: GraphBuilder,
  program: Program,
  mode: Mode,
  inputs: ProgramInputs,
  { wanted = stepsThatNeedGradients(program), seen = new Set() }: LoweringOptions = {},
): LoweredProgram {
  const values = new Map<number, Lowered>()
  const tape: TapeEntry[] = []
  const updates = new Map<string, Out>()
  const users = usersOf(program)
  const padded = mode === 'train' ? convolutionsBeforeBatchNorm(program, users) : new Set<number>()
  const names = new Map(
    program.steps.flatMap((step) => (step.operation.op === 'weight' ? [[step.id, step.operation.weight.name]] : [])),
  )
  for (const step of program.steps) {
    const { operation } = step
    if (operation.op === 'input') values.set(step.id, exactly(inputs.pictures))
    else if (operation.op === 'weight') values.set(step.id, exactly(inputs.weight(operation.weight.name)))
    else {
      const context: LoweringContext = {
        graph,
        mode,
        step,
        padChannels: padded.has(step.id),
        isShared: (users.get(step.id)?.length ?? 0) > 1,
        seed: inputs.seed,
        operands: Object.fromEntries(Object.entries(step.operands).map(([role, id]) => [role, values.get(id)])),
        needsGradient: (role) => wanted.has(step.operands[role] ?? -1),
        updateWeight(role, value) {
          const name = names.get(step.operands[role] ?? -1)
          if (name) updates.set(name, value)
        },
      }
      const lowered = graph.within(`${step.layer}/${mode}`, () => lower(context, operation))
      values.set(step.id, seen.has(step.id) ? kept(graph, lowered.value) : lowered.value)
      if (lowered.backward) tape.push({ step, backward: lowered.backward })
    }
  }
  function output(step: number): Out {
    const value = values.get(step)
    if (!value) throw new RangeError(`the program has no step ${step}`)
    return value.out
  }
  return {
    logits: output(program.output),
    updates,
    output,
    differentiate(dLogits) {
      const arrived = backpropagate(graph, tape, wanted, program.output, dLogits)
      const gradients = new Map<string, Out>()
      for (const [id, name] of names) {
        const terms = arrived.get(id)
        if (terms) gradients.set(name, addAll(graph, terms))
      }
      return gradients
    },
    gradientsOf(of, dy, by) {
      const arrived = backpropagate(graph, tape, wanted, of, dy)
      return by.map((id) => {
        const terms = arrived.get(id)
        return terms ? addAll(graph, terms) : null
      })
    },
  }
}

/**
 * A node that what follows must go through: TensorFlow's remapper merges a convolution, its bias and some activations into one
 * op even where the steps between are fetched, and then misses them.
 */
function kept(graph: GraphBuilder, value: Lowered): Lowered {
  return { ...value, out: identity(graph, value.out) }
}

function lower(context: LoweringContext, operation: Operation): LoweredStep {
  switch (operation.op) {
    case 'conv2d':
      return lowerConv2d(context, operation)
    case 'biasAdd':
      return lowerBiasAdd(context, operation)
    case 'matMul':
      return lowerMatMul(context, operation)
    case 'batchNorm':
      return lowerBatchNorm(context, operation)
    case 'foldBatchNorm':
      return lowerFoldBatchNorm(context, operation)
    case 'foldedKernel':
      return lowerFoldedKernel(context, operation)
    case 'foldedShift':
      return lowerFoldedShift(context, operation)
    case 'relu':
      return lowerRelu(context, operation)
    case 'maxPool':
      return lowerMaxPool(context, operation)
    case 'flatten':
      return lowerFlatten(context, operation)
    case 'convTranspose2d':
      return lowerConvTranspose2d(context, operation)
    case 'layerNorm':
      return lowerLayerNorm(context, operation)
    case 'groupNorm':
      return lowerGroupNorm(context, operation)
    case 'leakyRelu':
      return lowerLeakyRelu(context, operation)
    case 'prelu':
      return lowerPrelu(context, operation)
    case 'elu':
      return lowerElu(context, operation)
    case 'gelu':
      return lowerGelu(context, operation)
    case 'silu':
      return lowerSilu(context, operation)
    case 'sigmoid':
      return lowerSigmoid(context, operation)
    case 'tanh':
      return lowerTanh(context, operation)
    case 'softmax':
      return lowerSoftmax(context, operation)
    case 'avgPool':
      return lowerAvgPool(context, operation)
    case 'adaptiveAvgPool':
      return lowerAdaptiveAvgPool(context, operation)
    case 'resize':
      return lowerResize(context, operation)
    case 'zeroPad':
      return lowerZeroPad(context, operation)
    case 'reshape':
      return lowerReshape(context, operation)
    case 'add':
      return lowerAdd(context, operation)
    case 'concatenate':
      return lowerConcatenate(context, operation)
    case 'multiply':
      return lowerMultiply(context, operation)
    case 'dropout':
      return lowerDropout(context, operation)
    case 'input':
    case 'weight':
      throw new RangeError(`a ${operation.op} is not computed`)
  }
}

/** What arrives at each step from those that use it, as terms of a sum, given the gradient `dy` of the step `of`. */
function backpropagate(
  graph: GraphBuilder,
  tape: readonly TapeEntry[],
  wanted: ReadonlySet<number>,
  of: number,
  dy: Out,
): ReadonlyMap<number, readonly Out[]> {
  const gradients = new Map<number, readonly Out[]>([[of, [dy]]])
  for (const { step, backward } of [...tape].reverse()) {
    const arrived = gradients.get(step.id)
    if (!arrived || !wanted.has(step.id)) continue
    const passed = graph.within(`${step.layer}/gradient`, () => backward(addAll(graph, arrived)))
    for (const [role, gradient] of Object.entries(passed)) {
      const id = step.operands[role]
      if (gradient && id !== undefined) gradients.set(id, [...(gradients.get(id) ?? []), gradient])
    }
  }
  return gradients
}

/**
 * oneDNN's BatchNorm leaves its fast path when channels are not a multiple of 16, so the convolutions whose output goes
 * only there compute some more channels, of zeros.
 */
function convolutionsBeforeBatchNorm(
  program: Program,
  users: ReadonlyMap<number, readonly Step[]>,
): ReadonlySet<number> {
  const only = (step: Step, op: OperationName) => {
    const [user, ...others] = users.get(step.id) ?? []
    return user?.operation.op === op && others.length === 0
  }
  return new Set(
    program.steps.filter((step) => step.operation.op === 'conv2d' && only(step, 'batchNorm')).map((step) => step.id),
  )
}
