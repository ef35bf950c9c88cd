import { conv, convTranspose } from './onnx-convolutions'
import { gemm, matMul } from './onnx-dense'
import { batchNorm, groupNorm, layerNorm } from './onnx-norms'
import { decimal, one, type OnnxOp, type OnnxPlace } from './onnx-op'
import { axisMaps, globalPool, pool, reduceMean } from './onnx-pools'
import { gatherPixels, pad, reshape, resize } from './onnx-shapes'

const prelu: OnnxOp = (place) => {
  const slope = place.constant(1)
  if (!slope) return null
  const count = slope.values.length
  if (count !== 1 && count !== place.shape?.at(-1)) return null
  const weight = { shape: [count], values: slope.values }
  return [{ kind: 'prelu', params: { per_channel: count > 1 }, weights: { weight } }]
}

function plain(kind: string, params: (place: OnnxPlace) => Record<string, unknown> = () => ({})): OnnxOp {
  return (place) => [{ kind, params: params(place) }]
}

/** Between layers only: a constant term or factor is no layer of ours. */
const between =
  (kind: 'add' | 'multiply'): OnnxOp =>
  ({ node, inputs }) =>
    inputs.length === node.inputs.length ? [{ kind, params: {} }] : null

const channelsOnly =
  (kind: 'softmax' | 'concatenate', usual: number): OnnxOp =>
  (place) => {
    const axis = one(place, 'axis', usual)
    const rank = (place.shape?.length ?? 3) + 1
    return (axis < 0 ? axis + rank : axis) === 1 ? [{ kind, params: {} }] : null
  }

/** By operator; those that `fuse` makes of several among them. */
export const onnxOps: Readonly<Record<string, OnnxOp>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  GroupNormalization: groupNorm,
  MaxPool: pool('max_pool2d'),
  AveragePool: pool('avg_pool2d'),
  GlobalAveragePool: globalPool,
  ReduceMean: reduceMean,
  AxisMaps: axisMaps,
  Gemm: gemm,
  MatMul: matMul,
  Flatten: (place) => (one(place, 'axis', 1) === 1 ? [{ kind: 'flatten', params: {} }] : null),
  Reshape: reshape,
  Concat: channelsOnly('concatenate', 1),
  Add: between('add'),
  Sum: between('add'),
  Mul: between('multiply'),
  Dropout: plain('dropout', (place) => ({
    p: Number((place.constant(1)?.values[0] ?? one(place, 'ratio', 0.5)).toPrecision(6)),
  })),
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  GatherPixels: gatherPixels,
  Relu: plain('relu'),
  LeakyRelu: plain('leaky_relu', (place) => ({ negative_slope: decimal(place, 'alpha', 0.01) })),
  PRelu: prelu,
  Elu: plain('elu', (place) => ({ alpha: decimal(place, 'alpha', 1) })),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softmax: channelsOnly('softmax', -1),
  Gelu: plain('gelu', ({ node }) => ({ approximate: node.attributes.get('approximate')?.text ?? 'none' })),
}
