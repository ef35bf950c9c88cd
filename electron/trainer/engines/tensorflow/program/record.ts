import type { AnalyzedLayer, SoundNetwork } from '../../../../../shared/network/analyze'
import { asImage, elementCount, type Shape } from '../../../../../shared/network/shape'
import type { Ops } from '../../../../../shared/ops/ops'
import { slide } from '../../../../../shared/layers/params'
import { engineShape } from '../../weights/layout'
import type { Operands, Operation, Program, Step } from './program'

interface Value {
  readonly id: number
  readonly shape: Shape
}

/** Runs every layer's `forward` once, on symbols, and keeps what it asked for. */
export function recordProgram(network: SoundNetwork): Program {
  const steps: Step[] = []
  let layer = ''
  function record(operation: Operation, operands: Operands, shape: Shape): Value {
    const id = steps.length
    steps.push({ id, layer, operation, operands, shape })
    return { id, shape }
  }
  const ops = recordingOps(record)
  const outputs = new Map<string, Value>()
  for (const analyzed of network.layers) {
    layer = analyzed.node.id
    if (analyzed.kind.category === 'input') {
      outputs.set(layer, record({ op: 'input' }, {}, analyzed.shape))
    } else {
      outputs.set(layer, forward(analyzed, ops, outputs, record))
    }
  }
  const output = outputs.get(network.output.node.id)
  if (!output) throw new RangeError('the output layer was not recorded')
  return { steps, output: output.id }
}

type Recorder = (operation: Operation, operands: Operands, shape: Shape) => Value

function forward(
  analyzed: AnalyzedLayer,
  ops: Ops<Value>,
  outputs: ReadonlyMap<string, Value>,
  record: Recorder,
): Value {
  const layer = analyzed.node.id
  const weights = new Map(
    analyzed.weights.map((spec) => {
      const weight = { name: `${layer}.${spec.name}`, spec, rowsOf: null }
      return [spec.name, record({ op: 'weight', weight }, {}, engineShape(spec))]
    }),
  )
  const inputs = analyzed.node.inputs.map((id) => found(outputs.get(id), id))
  const [first, ...rest] = inputs
  return analyzed.kind.forward(ops, {
    layer,
    inputs: [found(first, layer), ...rest],
    inputShapes: analyzed.inputShapes,
    params: analyzed.params,
    weight: (name) => found(weights.get(name), `${layer}.${name}`),
  })
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`"${name}" was used before it was there`)
  return value
}

function recordingOps(record: Recorder): Ops<Value> {
  return {
    conv2d(x, kernel, options) {
      const [kh = 1, kw = 1, , out = 1] = kernel.shape
      const { height, width } = slide(imageOf(x), { kernel: [kh, kw], ...options })
      return record({ op: 'conv2d', options }, { x: x.id, kernel: kernel.id }, [height, width, out])
    },
    biasAdd: (x, bias) => record({ op: 'biasAdd' }, { x: x.id, bias: bias.id }, x.shape),
    matMul: (x, w) => record({ op: 'matMul' }, { x: x.id, w: w.id }, [w.shape[1] ?? 1]),
    batchNorm(x, weights, options) {
      const { scale, shift, runningMean, runningVar } = weights
      const affine = { ...(scale && { scale: scale.id }), ...(shift && { shift: shift.id }) }
      const running = { runningMean: runningMean.id, runningVar: runningVar.id }
      return record({ op: 'batchNorm', options }, { x: x.id, ...affine, ...running }, x.shape)
    },
    relu: (x) => record({ op: 'relu' }, { x: x.id }, x.shape),
    maxPool(x, options) {
      const { height, width } = slide(imageOf(x), options)
      return record({ op: 'maxPool', options }, { x: x.id }, [height, width, imageOf(x).channels])
    },
    flatten: (x) => record({ op: 'flatten', native: false }, { x: x.id }, [elementCount(x.shape)]),
    dropout: (x, { rate, layer }) => record({ op: 'dropout', rate, layer }, { x: x.id }, x.shape),
  }
}

function imageOf(value: Value) {
  const image = asImage(value.shape)
  if (!image) throw new RangeError('an image was expected')
  return image
}
