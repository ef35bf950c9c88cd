import type { Shape } from '../../../../../shared/network/shape'
import type {
  AvgPoolOptions,
  BatchNormOptions,
  Conv2dOptions,
  ConvTranspose2dOptions,
  PoolOptions,
  ResizeOptions,
  Sides,
} from '../../../../../shared/ops/ops'
import type { WeightSpec } from '../../../../../shared/layers/define'

/** What a step computes. Each refers to its operands by step number, so that rewrites can exchange them. */
export type Operation =
  | { readonly op: 'input' }
  | { readonly op: 'weight'; readonly weight: WeightRef }
  | { readonly op: 'conv2d'; readonly options: Conv2dOptions }
  | { readonly op: 'biasAdd' }
  | { readonly op: 'matMul' }
  | { readonly op: 'batchNorm'; readonly options: BatchNormOptions }
  /**
   * What BatchNorm makes of a convolution, as a convolution: the kernel times a scale for each channel, and a shift.
   * `[window · in + 1, out]`, the shift last.
   */
  | { readonly op: 'foldBatchNorm'; readonly options: BatchNormOptions; readonly convolution: Conv2dOptions }
  | { readonly op: 'foldedKernel' }
  | { readonly op: 'foldedShift' }
  | { readonly op: 'convTranspose2d'; readonly options: ConvTranspose2dOptions }
  | { readonly op: 'layerNorm'; readonly eps: number }
  | { readonly op: 'groupNorm'; readonly groups: number; readonly eps: number }
  | { readonly op: 'relu' }
  | { readonly op: 'leakyRelu'; readonly slope: number }
  | { readonly op: 'prelu' }
  | { readonly op: 'elu'; readonly alpha: number }
  | { readonly op: 'gelu'; readonly approximate: 'none' | 'tanh' }
  | { readonly op: 'silu' }
  | { readonly op: 'sigmoid' }
  | { readonly op: 'tanh' }
  | { readonly op: 'softmax' }
  | { readonly op: 'maxPool'; readonly options: PoolOptions }
  | { readonly op: 'avgPool'; readonly options: AvgPoolOptions }
  | { readonly op: 'adaptiveAvgPool'; readonly size: readonly [number, number] }
  | { readonly op: 'resize'; readonly options: ResizeOptions }
  | { readonly op: 'zeroPad'; readonly sides: Sides }
  /** Between shapes of one example, with the values in PyTorch's order. */
  | { readonly op: 'reshape' }
  | { readonly op: 'add' }
  | { readonly op: 'concatenate' }
  | { readonly op: 'multiply' }
  /** In the engine's own order where `native`, in PyTorch's otherwise. */
  | { readonly op: 'flatten'; readonly native: boolean }
  | { readonly op: 'dropout'; readonly rate: number; readonly layer: string; readonly channels: boolean }

export type Mode = 'train' | 'evaluate'

export type OperationName = Operation['op']

export interface WeightRef {
  /** `<layer>.<name>` */
  readonly name: string
  readonly spec: WeightSpec
  /**
   * Set on a dense matrix that follows a native flatten: the picture `[height, width, channels]` whose values its rows
   * belong to, so that rows are kept in the engine's order and exchanged in PyTorch's.
   */
  readonly rowsOf: readonly [number, number, number] | null
}

/**
 * Operands by role: `x` where there is one, `x0`, `x1` and so on where several values meet, and `kernel`, `bias`, `w`,
 * `slope`, `scale`, `shift`, `runningMean`, `runningVar` where they apply.
 */
export type Operands = Readonly<Record<string, number>>

export interface Step {
  readonly id: number
  readonly layer: string
  readonly operation: Operation
  readonly operands: Operands
  /** Without the batch; weights in the engine's layout. */
  readonly shape: Shape
}

/** A network as a list of primitive steps, operands always before their users. */
export interface Program {
  readonly steps: readonly Step[]
  readonly output: number
}

export function usersOf(program: Program): ReadonlyMap<number, readonly Step[]> {
  const users = new Map<number, Step[]>()
  for (const step of program.steps) {
    for (const id of Object.values(step.operands)) users.set(id, [...(users.get(id) ?? []), step])
  }
  return users
}

export function stepsById(program: Program): ReadonlyMap<number, Step> {
  return new Map(program.steps.map((step) => [step.id, step]))
}

export function operand(step: Step, role: string): number {
  const id = step.operands[role]
  if (id === undefined) throw new RangeError(`the ${step.operation.op} of ${step.layer} has no ${role}`)
  return id
}

export function weightsOf(program: Program): WeightRef[] {
  return program.steps.flatMap((step) => (step.operation.op === 'weight' ? [step.operation.weight] : []))
}

/** The trainable weights and all that depends on them. */
export function stepsThatNeedGradients(program: Program): ReadonlySet<number> {
  const trained = new Set<number>()
  for (const step of program.steps) {
    const isWeight = step.operation.op === 'weight' && step.operation.weight.spec.trainable
    if (isWeight || Object.values(step.operands).some((id) => trained.has(id))) trained.add(step.id)
  }
  return trained
}

/** The input and all that depends on it. */
export function stepsFromInput(program: Program): ReadonlySet<number> {
  const reached = new Set<number>()
  for (const step of program.steps) {
    if (step.operation.op === 'input' || Object.values(step.operands).some((id) => reached.has(id)))
      reached.add(step.id)
  }
  return reached
}

/** The program up to a step: that step, and all that it depends on. */
export function programUpTo(program: Program, output: number): Program {
  const needed = new Set([output])
  for (const step of [...program.steps].reverse()) {
    if (needed.has(step.id)) for (const id of Object.values(step.operands)) needed.add(id)
  }
  return { steps: program.steps.filter(({ id }) => needed.has(id)), output }
}
