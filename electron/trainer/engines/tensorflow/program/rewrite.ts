import {
  operand,
  stepsById,
  stepsThatNeedGradients,
  usersOf,
  type Mode,
  type Operation,
  type OperationName,
  type Program,
  type Step,
} from './program'

/** Changes that keep every number and save passes over memory. Order matters: the later ones rely on the earlier. */
export function optimizeProgram(program: Program, mode: Mode): Program {
  const rewrites = [
    poolBeforeActivation,
    foldBiasIntoBatchNorm,
    (given: Program) => foldBatchNormIntoConvolution(given, mode),
    poolBeforeBias,
    flattenNatively,
  ]
  return rewrites.reduce((done, rewrite) => rewrite(done), program)
}

/**
 * Functions that never fall: the largest of a window stays the largest, so they may as well follow max-pooling, on a
 * quarter of the values for 2 × 2 windows. Gradients agree too: where two values of a window become equal, the function is
 * level and passes nothing back.
 */
const rising: ReadonlySet<OperationName> = new Set(['relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'])

export function poolBeforeActivation(program: Program): Program {
  return poolBefore(program, rising)
}

/** Adding a value per channel moves all of a window alike: the same after pooling, on fewer values. */
export function poolBeforeBias(program: Program): Program {
  return poolBefore(program, new Set(['biasAdd']))
}

function poolBefore(program: Program, ops: ReadonlySet<OperationName>): Program {
  const users = usersOf(program)
  const byId = stepsById(program)
  const changed = new Map<number, Step>()
  for (const pool of program.steps) {
    if (pool.operation.op !== 'maxPool') continue
    const first = byId.get(operand(pool, 'x'))
    if (!first || !ops.has(first.operation.op) || users.get(first.id)?.length !== 1) continue
    // The two exchange what they do and keep their places, so that users of the pair see no difference.
    changed.set(first.id, { ...pool, id: first.id, operands: { x: operand(first, 'x') } })
    changed.set(pool.id, { ...first, id: pool.id, operands: { ...first.operands, x: first.id }, shape: pool.shape })
  }
  return replaceSteps(program, changed)
}

/**
 * A bias before BatchNorm moves the batch mean and nothing else. The addition over all values is dropped; the
 * normalisation gets the bias as an operand and accounts for it in the running mean.
 */
export function foldBiasIntoBatchNorm(program: Program): Program {
  const users = usersOf(program)
  const byId = stepsById(program)
  const changed = new Map<number, Step>()
  for (const norm of program.steps) {
    if (norm.operation.op !== 'batchNorm') continue
    const addition = byId.get(operand(norm, 'x'))
    if (addition?.operation.op !== 'biasAdd' || users.get(addition.id)?.length !== 1) continue
    const bias = { bias: operand(addition, 'bias') }
    changed.set(norm.id, { ...norm, operands: { ...norm.operands, x: operand(addition, 'x'), ...bias } })
  }
  return dropUnused(replaceSteps(program, changed))
}

/**
 * BatchNorm after a convolution is itself a convolution once its mean and variance are known, which saves every pass over
 * the convolution's output but the pooling's. In evaluation they are the running ones. In training they follow from the
 * mean and covariance of the input's windows (a convolution is linear), which is cheap where a window has fewer values
 * than the convolution has channels; the first layer's is, and it has the largest output. Gradients pass through both
 * exactly, so this is for convolutions whose input needs none.
 */
export function foldBatchNormIntoConvolution(program: Program, mode: Mode): Program {
  const users = usersOf(program)
  const byId = stepsById(program)
  const trained = stepsThatNeedGradients(program)
  let nextId = Math.max(...program.steps.map((step) => step.id)) + 1
  const steps = program.steps.flatMap((norm): Step[] => {
    if (norm.operation.op !== 'batchNorm') return [norm]
    const conv = byId.get(operand(norm, 'x'))
    if (conv?.operation.op !== 'conv2d' || users.get(conv.id)?.length !== 1) return [norm]
    const input = operand(conv, 'x')
    const kernel = byId.get(operand(conv, 'kernel'))
    if (!kernel || (mode === 'train' && (trained.has(input) || !hasSmallWindow(conv, kernel)))) return [norm]
    const { layer } = norm
    const [kh = 1, kw = 1, inputs = 1, outputs = 1] = kernel.shape
    const fold = { id: nextId++, layer, shape: [kh * kw * inputs + 1, outputs] }
    const foldedKernel = { id: nextId++, layer: conv.layer, shape: kernel.shape }
    const shift = { id: nextId++, layer, shape: [outputs] }
    const sums = { id: nextId++, layer: conv.layer, shape: conv.shape }
    const operation = {
      op: 'foldBatchNorm',
      options: norm.operation.options,
      convolution: conv.operation.options,
    } as const
    return [
      { ...fold, operation, operands: { ...norm.operands, x: input, kernel: kernel.id } },
      { ...foldedKernel, operation: { op: 'foldedKernel' }, operands: { x: fold.id } },
      { ...shift, operation: { op: 'foldedShift' }, operands: { x: fold.id } },
      { ...sums, operation: conv.operation, operands: { x: input, kernel: foldedKernel.id } },
      { ...norm, operation: { op: 'biasAdd' }, operands: { x: sums.id, bias: shift.id } },
    ]
  })
  return dropUnused({ ...program, steps })
}

function hasSmallWindow(conv: Step, kernel: Step): boolean {
  const [kh = 1, kw = 1, inputs = 1, outputs = 1] = kernel.shape
  return conv.operation.op === 'conv2d' && conv.operation.options.groups === 1 && kh * kw * inputs < outputs
}

/**
 * Where all that follows a flatten, up to dense layers, works value by value, the engine may keep its own order of
 * values and store the dense matrices' rows in that order instead of transposing every batch.
 */
export function flattenNatively(program: Program): Program {
  const users = usersOf(program)
  const byId = stepsById(program)
  const changed = new Map<number, Step>()
  for (const flatten of program.steps) {
    if (flatten.operation.op !== 'flatten' || flatten.id === program.output) continue
    const [height, width, channels] = byId.get(operand(flatten, 'x'))?.shape ?? []
    if (height === undefined || width === undefined || channels === undefined) continue
    const matrices = denseMatricesBelow(flatten, users, byId, program.output)
    if (!matrices) continue
    changed.set(flatten.id, { ...flatten, operation: { op: 'flatten', native: true } })
    for (const matrix of matrices) {
      const operation = { op: 'weight', weight: { ...matrix.weight, rowsOf: [height, width, channels] } } as const
      changed.set(matrix.step.id, { ...matrix.step, operation })
    }
  }
  return replaceSteps(program, changed)
}

type Matrix = { readonly step: Step; readonly weight: Extract<Operation, { op: 'weight' }>['weight'] }

/** The weights of all matrix products that a value ends in; null where something else would see its order. */
function denseMatricesBelow(
  step: Step,
  users: ReadonlyMap<number, readonly Step[]>,
  byId: ReadonlyMap<number, Step>,
  output: number,
): Matrix[] | null {
  const matrices: Matrix[] = []
  for (const user of users.get(step.id) ?? []) {
    if (user.operation.op === 'matMul') {
      const weight = byId.get(operand(user, 'w'))
      if (weight?.operation.op !== 'weight' || users.get(weight.id)?.length !== 1) return null
      matrices.push({ step: weight, weight: weight.operation.weight })
    } else if (isValuewise(user, byId) && user.id !== output) {
      const below = denseMatricesBelow(user, users, byId, output)
      if (!below) return null
      matrices.push(...below)
    } else {
      return null
    }
  }
  return matrices.length > 0 ? matrices : null
}

const valuewise: ReadonlySet<OperationName> = new Set([...rising, ...(['gelu', 'silu'] as const)])

/** Whether each value is changed by itself, wherever it lies. */
function isValuewise({ operation, operands }: Step, byId: ReadonlyMap<number, Step>): boolean {
  if (operation.op === 'dropout') return !operation.channels
  if (operation.op === 'prelu') return byId.get(operands['slope'] ?? -1)?.shape[0] === 1
  return valuewise.has(operation.op)
}

function replaceSteps(program: Program, changed: ReadonlyMap<number, Step>): Program {
  return { ...program, steps: program.steps.map((step) => changed.get(step.id) ?? step) }
}

function dropUnused(program: Program): Program {
  const users = usersOf(program)
  const kept = program.steps.filter((step) => step.id === program.output || users.has(step.id) || isLeaf(step))
  return { ...program, steps: kept }
}

function isLeaf(step: Step): boolean {
  return step.operation.op === 'weight' || step.operation.op === 'input'
}
