import type { NamedTensor } from '../formats/tensors'
import { poolWindows } from '../layers/params'
import { asImage, type Shape } from '../network/shape'
import type { OnnxNode } from './onnx-graph'
import type { PlainCode } from './report'

export interface OnnxLayer {
  readonly kind: string
  readonly params: Record<string, unknown>
  readonly part?: string
  readonly weights?: Readonly<Record<string, NamedTensor | undefined>>
}

export interface OnnxPlace {
  readonly node: OnnxNode
  /** Our layers that enter, without constants. */
  readonly inputs: readonly string[]
  readonly shape: Shape | undefined
  /** The node's input of this index, where it is a constant. */
  constant(index: number): NamedTensor | undefined
  /** How many numbers the node's input of this index is, where the model works out a shape in it; null where unknown. */
  sizes(index: number): number | null
  issue(code: PlainCode): void
}

/** Null where no layer of ours computes it. */
type OnnxOp = (place: OnnxPlace) => readonly OnnxLayer[] | null

function numbers({ node }: OnnxPlace, name: string, usual: readonly number[]): readonly number[] {
  const given = node.attributes.get(name)?.numbers
  return given && given.length > 0 ? given : usual
}

function one(place: OnnxPlace, name: string, usual: number): number {
  return numbers(place, name, [usual])[0] ?? usual
}

/** Rounded to what was meant: 0.01 is stored in 32 bits. */
function decimal(place: OnnxPlace, name: string, usual: number): number {
  return Number(one(place, name, usual).toPrecision(6))
}

/** `pads` is `[top, left, bottom, right]`; uneven ones become a layer before. Null for `auto_pad`. */
function padding(place: OnnxPlace): { padding: [number, number]; before: OnnxLayer[] } | null {
  const auto = place.node.attributes.get('auto_pad')?.text ?? 'NOTSET'
  if (auto !== 'NOTSET' && auto !== 'VALID') return null
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(place, 'pads', [])
  if (top === bottom && left === right) return { padding: [top, left], before: [] }
  return {
    padding: [0, 0],
    before: [{ kind: 'zero_pad2d', params: { top, bottom, left, right }, part: 'pad' }],
  }
}

const conv: OnnxOp = (place) => {
  const [weight, bias, pads] = [place.constant(1), place.constant(2), padding(place)]
  if (weight?.shape.length !== 4 || !pads) return null
  const params = {
    out_channels: weight.shape[0],
    kernel_size: weight.shape.slice(2),
    stride: numbers(place, 'strides', [1, 1]),
    padding: pads.padding,
    dilation: numbers(place, 'dilations', [1, 1]),
    groups: one(place, 'group', 1),
    bias: bias !== undefined,
  }
  return [...pads.before, { kind: 'conv2d', params, weights: { weight, bias } }]
}

const convTranspose: OnnxOp = (place) => {
  const [weight, bias, pads] = [place.constant(1), place.constant(2), padding(place)]
  if (weight?.shape.length !== 4 || !pads || pads.before.length > 0) return null
  if (place.node.attributes.has('output_shape')) return null
  const groups = one(place, 'group', 1)
  const params = {
    out_channels: (weight.shape[1] ?? 0) * groups,
    kernel_size: weight.shape.slice(2),
    stride: numbers(place, 'strides', [1, 1]),
    padding: pads.padding,
    output_padding: numbers(place, 'output_padding', [0, 0]),
    dilation: numbers(place, 'dilations', [1, 1]),
    groups,
    bias: bias !== undefined,
  }
  return [{ kind: 'conv_transpose2d', params, weights: { weight, bias } }]
}

const batchNorm: OnnxOp = (place) => {
  const [weight, bias, mean, variance] = [1, 2, 3, 4].map((index) => place.constant(index))
  if (!weight || !bias || !mean || !variance) return null
  const momentum = Number((1 - one(place, 'momentum', 0.9)).toPrecision(6))
  const params = { eps: decimal(place, 'epsilon', 1e-5), momentum }
  return [{ kind: 'batch_norm2d', params, weights: { weight, bias, running_mean: mean, running_var: variance } }]
}

function pool(kind: 'max_pool2d' | 'avg_pool2d'): OnnxOp {
  return (place) => {
    const pads = padding(place)
    if (!pads) return null
    if (pads.before.length > 0 && kind === 'max_pool2d') return ceiledPool(place)
    if (pads.before.length > 0 && one(place, 'count_include_pad', 0) === 0) return null
    const params = {
      kernel_size: numbers(place, 'kernel_shape', []),
      stride: numbers(place, 'strides', [1, 1]),
      padding: pads.padding,
      ceil_mode: one(place, 'ceil_mode', 0) === 1,
    }
    const dilations = numbers(place, 'dilations', [1, 1])
    if (kind === 'max_pool2d') return [{ kind, params: { ...params, dilation: dilations } }]
    if (dilations.some((step) => step > 1)) return null
    return [
      ...pads.before,
      { kind, params: { ...params, count_include_pad: one(place, 'count_include_pad', 0) === 1 } },
    ]
  }
}

/** More rows below and to the right than above and to the left: what `ceil_mode` reaches for, where it is just that. */
function ceiledPool(place: OnnxPlace): OnnxLayer[] | null {
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(place, 'pads', [])
  const pool = {
    kernel_size: pairOf(place, 'kernel_shape', 0),
    stride: pairOf(place, 'strides', 1),
    padding: [top, left] as const,
    dilation: pairOf(place, 'dilations', 1),
    ceil_mode: true,
  }
  const image = place.shape && asImage(place.shape)
  if (!image || poolWindows(image, pool).excess.join() !== [bottom - top, right - left].join()) return null
  return [{ kind: 'max_pool2d', params: pool }]
}

function pairOf(place: OnnxPlace, name: string, usual: number): readonly [number, number] {
  const [down = usual, across = usual] = numbers(place, name, [usual, usual])
  return [down, across]
}

const layerNorm: OnnxOp = (place) => {
  const [weight, bias] = [place.constant(1), place.constant(2)]
  const rank = (place.shape?.length ?? 3) + 1
  const axis = one(place, 'axis', -1)
  if (!weight || (axis < 0 ? axis + rank : axis) !== 1) return null
  return [
    {
      kind: 'layer_norm',
      params: { eps: decimal(place, 'epsilon', 1e-5), bias: bias !== undefined },
      weights: { weight, bias },
    },
  ]
}

/** Of opset 21 on, with a factor for each channel; before it was one for each group. */
const groupNorm: OnnxOp = (place) => {
  const [weight, bias] = [place.constant(1), place.constant(2)]
  if (!weight || !bias || weight.values.length !== place.shape?.at(-1)) return null
  const params = { num_groups: one(place, 'num_groups', 1), eps: decimal(place, 'epsilon', 1e-5) }
  return [{ kind: 'group_norm', params, weights: { weight, bias } }]
}

const gemm: OnnxOp = (place) => {
  const [matrix, bias] = [place.constant(1), place.constant(2)]
  if (matrix?.shape.length !== 2 || one(place, 'alpha', 1) !== 1 || one(place, 'beta', 1) !== 1) return null
  if (one(place, 'transA', 0) !== 0) return null
  const weight = one(place, 'transB', 0) === 1 ? matrix : transposed(matrix)
  return [
    { kind: 'linear', params: { out_features: weight.shape[0], bias: bias !== undefined }, weights: { weight, bias } },
  ]
}

const matMul: OnnxOp = (place) => {
  const matrix = place.constant(1)
  // Of pictures it mixes columns, which no layer here does.
  const [height = 1, width = 1, channels] = place.shape ?? []
  if (matrix?.shape.length !== 2 || (channels !== undefined && height * width > 1)) return null
  const weight = transposed(matrix)
  return [{ kind: 'linear', params: { out_features: weight.shape[0], bias: false }, weights: { weight } }]
}

function transposed({ shape: [rows = 0, columns = 0], values }: NamedTensor): NamedTensor {
  const turned = Float32Array.from(
    { length: values.length },
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )
  return { shape: [columns, rows], values: turned }
}

/** The batch comes first: 0, -1 or its size. `x.view(x.size(0), -1)` works out two sizes, which only flattens. */
const reshape: OnnxOp = (place) => {
  const sizes = place.constant(1)
  if (!sizes) {
    if (place.sizes(1) !== 2) return null
    place.issue('shape-computed')
    return [{ kind: 'flatten', params: {} }]
  }
  const [batch, ...rest] = sizes.values
  if (rest.length === 1) return [{ kind: 'flatten', params: {} }]
  if (batch === -1 && rest.includes(-1)) return null
  return [{ kind: 'reshape', params: { shape: rest } }]
}

const pad: OnnxOp = (place) => {
  const mode = place.node.attributes.get('mode')?.text ?? 'constant'
  const pads = place.constant(1)?.values ?? numbers(place, 'pads', [])
  const value = place.constant(2)?.values[0] ?? 0
  const [n0, c0, top, left, n1, c1, bottom, right] = pads
  if (mode !== 'constant' || value !== 0 || [n0, c0, n1, c1].some((side) => side !== 0)) return null
  return [{ kind: 'zero_pad2d', params: { top, left, bottom, right } }]
}

const resize: OnnxOp = (place) => {
  const { node, shape } = place
  const old = node.op === 'Upsample'
  const mode = node.attributes.get('mode')?.text ?? 'nearest'
  const scales = place.constant(old ? 1 : 2)?.values ?? numbers(place, 'scales', [])
  const sizes = old ? undefined : place.constant(3)?.values
  const [height = 0, width = 0] = shape ?? []
  const size =
    sizes?.length === 4 || sizes?.length === 2
      ? [...sizes.slice(-2)]
      : [height * (scales[2] ?? 0), width * (scales[3] ?? 0)].map(Math.floor)
  const place2 = node.attributes.get('coordinate_transformation_mode')?.text ?? 'half_pixel'
  if (mode === 'nearest') {
    const rounding = node.attributes.get('nearest_mode')?.text ?? 'round_prefer_floor'
    const whole = [(size[0] ?? 0) / height, (size[1] ?? 0) / width].every(Number.isInteger)
    if (!old && !whole && (place2 !== 'asymmetric' || rounding !== 'floor')) return null
    return [{ kind: 'upsample', params: { size, mode } }]
  }
  const corners = place2 === 'align_corners'
  if (mode !== 'linear' || !(corners || /half_pixel$/.test(place2))) return null
  return [{ kind: 'upsample', params: { size, mode: 'bilinear', align_corners: corners } }]
}

const reduceMean: OnnxOp = (place) => {
  const axes = [...(place.constant(1)?.values ?? numbers(place, 'axes', []))].map((axis) =>
    axis < 0 ? axis + 4 : axis,
  )
  if (axes.sort().join() !== '2,3' || place.shape?.length !== 3) return null
  return one(place, 'keepdims', 1) === 1 ? globalPool(place) : [{ kind: 'global_avg_pool', params: {} }]
}

const globalPool: OnnxOp = () => [{ kind: 'adaptive_avg_pool2d', params: { output_size: [1, 1] } }]

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
  Relu: plain('relu'),
  LeakyRelu: plain('leaky_relu', (place) => ({ negative_slope: decimal(place, 'alpha', 0.01) })),
  PRelu: prelu,
  Elu: plain('elu', (place) => ({ alpha: decimal(place, 'alpha', 1) })),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softmax: channelsOnly('softmax', -1),
  Gelu: plain('gelu', ({ node }) => ({ approximate: node.attributes.get('approximate')?.text ?? 'none' })),
}
