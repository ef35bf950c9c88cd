import type { GraphBuilder, Out } from '../graph/graph'
import { addAll } from '../graph/math'
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
  /** Gradient of every trainable weight, given the logits'. Call once, in training mode. */
  differentiate(dLogits: Out): ReadonlyMap<string, Out>
}

interface TapeEntry {
  readonly step: Step
  readonly backward: (dy: Out) => Gradients
}

/** Adds a program's forward pass to the graph and remembers how to go back: reverse-mode differentiation, op by op. */
export function lowerProgram(graph: GraphBuilder, program: Program, mode: Mode, inputs: ProgramInputs): LoweredProgram {
  const values = new Map<number, Lowered>()
  const tape: TapeEntry[] = []
  const updates = new Map<string, Out>()
  const trained = stepsThatNeedGradients(program)
  const padded = mode === 'train' ? convolutionsBeforeBatchNorm(program) : new Set<number>()
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
        seed: inputs.seed,
        operands: Object.fromEntries(Object.entries(step.operands).map(([role, id]) => [role, values.get(id)])),
        needsGradient: (role) => trained.has(step.operands[role] ?? -1),
        updateWeight(role, value) {
          const name = names.get(step.operands[role] ?? -1)
          if (name) updates.set(name, value)
        },
      }
      const lowered = graph.within(`${step.layer}/${mode}`, () => lower(context, operation))
      values.set(step.id, lowered.value)
      if (lowered.backward) tape.push({ step, backward: lowered.backward })
    }
  }
  const output = values.get(program.output)
  if (!output) throw new RangeError('the program has no output')
  return {
    logits: output.out,
    updates,
    differentiate: (dLogits) => backpropagate(graph, program, tape, trained, names, dLogits),
  }
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

function backpropagate(
  graph: GraphBuilder,
  program: Program,
  tape: readonly TapeEntry[],
  trained: ReadonlySet<number>,
  names: ReadonlyMap<number, string>,
  dLogits: Out,
): ReadonlyMap<string, Out> {
  const gradients = new Map<number, Out[]>([[program.output, [dLogits]]])
  for (const { step, backward } of [...tape].reverse()) {
    const arrived = gradients.get(step.id)
    if (!arrived || !trained.has(step.id)) continue
    const passed = graph.within(`${step.layer}/gradient`, () => backward(addAll(graph, arrived)))
    for (const [role, gradient] of Object.entries(passed)) {
      const id = step.operands[role]
      if (gradient && id !== undefined) gradients.set(id, [...(gradients.get(id) ?? []), gradient])
    }
  }
  const byName = new Map<string, Out>()
  for (const [id, name] of names) {
    const arrived = gradients.get(id)
    if (arrived) byName.set(name, addAll(graph, arrived))
  }
  return byName
}

/**
 * oneDNN's BatchNorm leaves its fast path when channels are not a multiple of 16, so the convolutions whose output goes
 * only there compute some more channels, of zeros.
 */
function convolutionsBeforeBatchNorm(program: Program): ReadonlySet<number> {
  const users = usersOf(program)
  const only = (step: Step, op: OperationName) => {
    const [user, ...others] = users.get(step.id) ?? []
    return user?.operation.op === op && others.length === 0
  }
  return new Set(
    program.steps.filter((step) => step.operation.op === 'conv2d' && only(step, 'batchNorm')).map((step) => step.id),
  )
}
