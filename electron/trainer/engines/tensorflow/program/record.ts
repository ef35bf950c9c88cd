import type { AnalyzedLayer, SoundNetwork } from '../../../../../shared/network/analyze'
import { asImage, elementCount, type ImageShape, type Shape } from '../../../../../shared/network/shape'
import { averageDivisors } from '../../../../../shared/ops/axis-maps'
import type { AffineWeights, ConvTranspose2dOptions, Ops } from '../../../../../shared/ops/ops'
import { slide, transposedSize } from '../../../../../shared/layers/params'
import { engineShape } from '../../weights/layout'
import type { Operands, Operation, Program, Step } from './program'

interface Value {
  readonly id: number
  readonly shape: Shape
}

export interface RecordedProgram extends Program {
  /** The step that gives each layer's output, by the layer's id. */
  readonly layers: ReadonlyMap<string, number>
}

/** Runs every layer's `forward` once, on symbols, and keeps what it asked for. */
export function recordProgram(network: SoundNetwork): RecordedProgram {
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
  const layers = new Map([...outputs].map(([id, value]) => [id, value.id]))
  return { steps, output: output.id, layers }
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
  const valuewise = (operation: Operation, x: Value) => record(operation, { x: x.id }, x.shape)
  return {
    conv2d(x, kernel, options) {
      const [kh = 1, kw = 1, , out = 1] = kernel.shape
      const { height, width } = slide(imageOf(x), { kernel: [kh, kw], ...options })
      return record({ op: 'conv2d', options }, { x: x.id, kernel: kernel.id }, [height, width, out])
    },
    convTranspose2d(x, kernel, options) {
      const shape = transposedShape(imageOf(x), kernel.shape, options)
      return record({ op: 'convTranspose2d', options }, { x: x.id, kernel: kernel.id }, shape)
    },
    biasAdd: (x, bias) => record({ op: 'biasAdd' }, { x: x.id, bias: bias.id }, x.shape),
    matMul: (x, w) => record({ op: 'matMul' }, { x: x.id, w: w.id }, [w.shape[1] ?? 1]),
    batchNorm(x, weights, options) {
      const { runningMean, runningVar } = weights
      const running = { runningMean: runningMean.id, runningVar: runningVar.id }
      return record({ op: 'batchNorm', options }, { x: x.id, ...affine(weights), ...running }, x.shape)
    },
    layerNorm: (x, weights, { eps }) => record({ op: 'layerNorm', eps }, { x: x.id, ...affine(weights) }, x.shape),
    groupNorm: (x, weights, { groups, eps }) =>
      record({ op: 'groupNorm', groups, eps }, { x: x.id, ...affine(weights) }, x.shape),

    relu: (x) => valuewise({ op: 'relu' }, x),
    leakyRelu: (x, { slope }) => valuewise({ op: 'leakyRelu', slope }, x),
    prelu: (x, slope) => record({ op: 'prelu' }, { x: x.id, slope: slope.id }, x.shape),
    elu: (x, { alpha }) => valuewise({ op: 'elu', alpha }, x),
    gelu: (x, { approximate }) => valuewise({ op: 'gelu', approximate }, x),
    silu: (x) => valuewise({ op: 'silu' }, x),
    sigmoid: (x) => valuewise({ op: 'sigmoid' }, x),
    tanh: (x) => valuewise({ op: 'tanh' }, x),
    softmax: (x) => valuewise({ op: 'softmax' }, x),

    maxPool(x, options) {
      const { height, width } = slide(imageOf(x), options)
      return record({ op: 'maxPool', options }, { x: x.id }, [height, width, imageOf(x).channels])
    },
    avgPool(x, options) {
      const { height, width, channels } = imageOf(x)
      const rows = averageDivisors(height, 0, options).length
      const columns = averageDivisors(width, 1, options).length
      return record({ op: 'avgPool', options }, { x: x.id }, [rows, columns, channels])
    },
    adaptiveAvgPool: (x, { size }) =>
      record({ op: 'adaptiveAvgPool', size }, { x: x.id }, [...size, imageOf(x).channels]),
    resize: (x, options) => record({ op: 'resize', options }, { x: x.id }, [...options.size, imageOf(x).channels]),
    zeroPad(x, sides) {
      const { height, width, channels } = imageOf(x)
      const shape = [height + sides.top + sides.bottom, width + sides.left + sides.right, channels]
      return record({ op: 'zeroPad', sides }, { x: x.id }, shape)
    },

    flatten: (x) => record({ op: 'flatten', native: false }, { x: x.id }, [elementCount(x.shape)]),
    reshape: (x, shape) => record({ op: 'reshape' }, { x: x.id }, shape),

    add: (terms) => record({ op: 'add' }, numbered(terms), terms[0].shape),
    concatenate(parts) {
      const last = parts.reduce((sum, part) => sum + (part.shape.at(-1) ?? 0), 0)
      return record({ op: 'concatenate' }, numbered(parts), [...parts[0].shape.slice(0, -1), last])
    },
    multiply(a, b) {
      const shape = elementCount(a.shape) >= elementCount(b.shape) ? a.shape : b.shape
      return record({ op: 'multiply' }, numbered([a, b]), imageShapeOf(a, b) ?? shape)
    },

    dropout: (x, { rate, layer, channels }) => valuewise({ op: 'dropout', rate, layer, channels }, x),
  }
}

function affine({ scale, shift }: AffineWeights<Value>): Operands {
  return { ...(scale && { scale: scale.id }), ...(shift && { shift: shift.id }) }
}

function numbered(values: readonly Value[]): Operands {
  return Object.fromEntries(values.map((value, index) => [`x${index}`, value.id]))
}

/** `[channels]` times a picture of one pixel is that picture. */
function imageShapeOf(a: Value, b: Value): Shape | null {
  const images = [a.shape, b.shape].filter((shape) => shape.length === 3)
  return images.length === 1 ? (images[0] ?? null) : null
}

function transposedShape(image: ImageShape, kernel: Shape, options: ConvTranspose2dOptions): Shape {
  const [kh = 1, kw = 1, perGroup = 1] = kernel
  const along = (axis: 0 | 1, size: number, kernelSize: number) =>
    transposedSize(size, kernelSize, {
      stride: options.stride[axis],
      padding: options.padding[axis],
      outputPadding: options.outputPadding[axis],
      dilation: options.dilation[axis],
    })
  return [along(0, image.height, kh), along(1, image.width, kw), perGroup * options.groups]
}

function imageOf(value: Value): ImageShape {
  const image = asImage(value.shape)
  if (!image) throw new RangeError('an image was expected')
  return image
}
