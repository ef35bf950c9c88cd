import { asImage, elementCount, type Shape } from '../network/shape'
import { lookUp } from './look-up'
import type { PlainCode } from './report'

export type Config = Readonly<Record<string, unknown>>

/** A layer of ours that one of Keras' becomes; a Keras layer may be several in a chain. `part` tells their names apart. */
export interface KerasStep {
  readonly kind: string
  readonly params: Record<string, unknown>
  readonly part?: string
}

export interface KerasContext {
  readonly config: Config
  /** What enters first, where it is known. */
  readonly shape: Shape | undefined
  issue(code: PlainCode): void
}

/** Null where nothing of ours computes it. */
export type KerasReader = (context: KerasContext) => readonly KerasStep[] | null

type Pair = readonly [number, number]

export function pairOf(value: unknown, usual: number): Pair {
  if (typeof value === 'number') return [value, value]
  const [a, b] = Array.isArray(value) ? (value as unknown[]) : []
  return typeof a === 'number' && typeof b === 'number' ? [a, b] : [usual, usual]
}

/**
 * Keras' `same`: `ceil(size / stride)` outputs, the odd row of padding at the bottom and right. Where PyTorch's padding
 * cannot say that, zeros before the layer do.
 */
function samePadding(context: KerasContext, window: { kernel: Pair; stride: Pair; dilation: Pair }) {
  const { config, shape } = context
  if (config['padding'] !== 'same') return { padding: [0, 0] as unknown, before: [] as KerasStep[] }
  if (window.stride.every((step) => step === 1)) return { padding: 'same' as unknown, before: [] as KerasStep[] }
  const image = shape && asImage(shape)
  if (!image) return null
  const [top, bottom] = sameSides(image.height, window, 0)
  const [left, right] = sameSides(image.width, window, 1)
  if (top === bottom && left === right) return { padding: [top, left] as unknown, before: [] as KerasStep[] }
  const before: KerasStep[] = [{ kind: 'zero_pad2d', params: { top, bottom, left, right }, part: 'pad' }]
  return { padding: [0, 0] as unknown, before }
}

function sameSides(size: number, window: { kernel: Pair; stride: Pair; dilation: Pair }, axis: 0 | 1): Pair {
  const span = window.dilation[axis] * (window.kernel[axis] - 1) + 1
  const stride = window.stride[axis]
  const whole = Math.max(0, (Math.ceil(size / stride) - 1) * stride + span - size)
  return [Math.floor(whole / 2), Math.ceil(whole / 2)]
}

function convolution(context: KerasContext, kind: string, params: Record<string, unknown>): KerasStep[] | null {
  const { config } = context
  const window = {
    kernel: pairOf(config['kernel_size'], 1),
    stride: pairOf(config['strides'], 1),
    dilation: pairOf(config['dilation_rate'], 1),
  }
  const same = samePadding(context, window)
  if (!same) return null
  const { kernel: kernel_size, stride, dilation } = window
  const bias = kind === 'conv2d' || kind === 'separable_conv2d' ? { bias: config['use_bias'] !== false } : {}
  return [
    ...same.before,
    { kind, params: { ...params, kernel_size, stride, dilation, padding: same.padding, ...bias } },
  ]
}

const conv2d: KerasReader = (context) => {
  const { filters: out_channels, groups = 1 } = context.config
  return convolution(context, 'conv2d', { out_channels, groups })
}

const depthwise: KerasReader = (context) => {
  const channels = context.shape?.at(-1)
  if (channels === undefined) return null
  const { depth_multiplier: times = 1 } = context.config
  return convolution(context, 'conv2d', { out_channels: channels * Number(times), groups: channels })
}

const separable: KerasReader = (context) => {
  const { filters: out_channels, depth_multiplier = 1 } = context.config
  return convolution(context, 'separable_conv2d', { out_channels, depth_multiplier })
}

const transposed: KerasReader = (context) => {
  const { config } = context
  const kernel = pairOf(config['kernel_size'], 1)
  const stride = pairOf(config['strides'], 1)
  const dilation = pairOf(config['dilation_rate'], 1)
  const named = config['output_padding'] != null
  const axes = ([0, 1] as const).map((axis) => {
    // `same` gives stride times the size; `valid` at least that.
    const over = dilation[axis] * (kernel[axis] - 1) + 1 - stride[axis]
    if (config['padding'] !== 'same') return { padding: 0, more: Math.max(0, -over), odd: false }
    if (over < 0) return { padding: 0, more: -over, odd: false }
    return { padding: Math.ceil(over / 2), more: over % 2, odd: over % 2 === 1 }
  })
  if (named || axes.some(({ odd }) => odd)) context.issue('transposed-offset')
  const params = {
    out_channels: config['filters'],
    kernel_size: kernel,
    stride,
    dilation,
    padding: axes.map(({ padding }) => padding),
    output_padding: axes.map(({ more }) => more),
    bias: config['use_bias'] !== false,
  }
  return [{ kind: 'conv_transpose2d', params }]
}

function pool(kind: 'max_pool2d' | 'avg_pool2d'): KerasReader {
  return (context) => {
    const { config, shape } = context
    const kernel_size = pairOf(config['pool_size'], 2)
    const stride = config['strides'] == null ? kernel_size : pairOf(config['strides'], 2)
    if (config['padding'] !== 'same') return [{ kind, params: { kernel_size, stride } }]
    const image = shape && asImage(shape)
    if (!image) return null
    const window = { kernel: kernel_size, stride, dilation: [1, 1] as const }
    const sides = [sameSides(image.height, window, 0), sameSides(image.width, window, 1)]
    const padding = sides.map(([before]) => before)
    // One more row at the end is what `ceil_mode` reaches for; padding never counts in Keras.
    const ceil_mode = sides.some(([before, after]) => before !== after)
    const counted = kind === 'avg_pool2d' ? { count_include_pad: false } : {}
    return [{ kind, params: { kernel_size, stride, padding, ceil_mode, ...counted } }]
  }
}

const batchNorm: KerasReader = ({ config, issue }) => {
  const [center, scale] = [config['center'] !== false, config['scale'] !== false]
  if (center !== scale) issue('norm-both')
  const momentum = Number((1 - Number(config['momentum'] ?? 0.99)).toPrecision(12))
  return [{ kind: 'batch_norm2d', params: { momentum, eps: config['epsilon'] ?? 1e-3, affine: center || scale } }]
}

const layerNorm: KerasReader = ({ config, shape }) => {
  const axes = [config['axis'] ?? -1].flat()
  // Ours takes the whole example: for a picture Keras must name all three axes.
  if (axes.length !== (shape?.length ?? 0)) return null
  const scale = config['scale'] !== false
  if (!scale && config['center'] !== false) return null
  const params = { eps: config['epsilon'] ?? 1e-3, elementwise_affine: scale, bias: config['center'] !== false }
  return [{ kind: 'layer_norm', params }]
}

const groupNorm: KerasReader = ({ config, shape }) => {
  const groups = Number(config['groups'] ?? 32)
  const affine = config['scale'] !== false
  if (affine !== (config['center'] !== false)) return null
  const num_groups = groups === -1 ? shape?.at(-1) : groups
  return [{ kind: 'group_norm', params: { num_groups, eps: config['epsilon'] ?? 1e-3, affine } }]
}

const flatten: KerasReader = ({ shape, issue }) => {
  const image = shape && asImage(shape)
  if (image && image.channels > 1 && image.height * image.width > 1) issue('flatten-order')
  return [{ kind: 'flatten', params: {} }]
}

const reshape: KerasReader = ({ config, shape, issue }) => {
  const target = Array.isArray(config['target_shape']) ? (config['target_shape'] as number[]) : []
  const [height, width, channels] = target
  const image = height !== undefined && width !== undefined && channels !== undefined
  const to = image ? [channels, height, width] : target
  const single = (of: Shape | undefined) => !of || of.filter((size) => size !== 1).length < 2
  if (!single(shape) || !single(target)) issue('reshape-order')
  return shape && target.length !== 2 && elementCount(shape) > 0 ? [{ kind: 'reshape', params: { shape: to } }] : null
}

const prelu: KerasReader = ({ config, shape, issue }) => {
  const shared = Array.isArray(config['shared_axes']) ? config['shared_axes'].length : 0
  const rank = shape?.length ?? 3
  if (shared < rank - 1) issue('prelu-channels')
  return [{ kind: 'prelu', params: { per_channel: shared < rank } }]
}

const relu: KerasReader = ({ config }) => {
  if (config['max_value'] != null || Number(config['threshold'] ?? 0) !== 0) return null
  const slope = Number(config['negative_slope'] ?? 0)
  return [slope === 0 ? { kind: 'relu', params: {} } : { kind: 'leaky_relu', params: { negative_slope: slope } }]
}

const globalPool: KerasReader = ({ config }) =>
  config['keepdims'] === true
    ? [{ kind: 'adaptive_avg_pool2d', params: { output_size: [1, 1] } }]
    : [{ kind: 'global_avg_pool', params: {} }]

const upSampling: KerasReader = ({ config }) => {
  const mode = config['interpolation'] ?? 'nearest'
  if (mode !== 'nearest' && mode !== 'bilinear') return null
  return [{ kind: 'upsample', params: { scale_factor: pairOf(config['size'], 2), mode } }]
}

const zeroPadding: KerasReader = ({ config }) => {
  const [rows, columns] = Array.isArray(config['padding'])
    ? (config['padding'] as unknown[])
    : [config['padding'], config['padding']]
  const [top, bottom] = pairOf(rows, 1)
  const [left, right] = pairOf(columns, 1)
  return [{ kind: 'zero_pad2d', params: { top, bottom, left, right } }]
}

function plain(kind: string, params: (config: Config) => Record<string, unknown> = () => ({})): KerasReader {
  return ({ config }) => [{ kind, params: params(config) }]
}

const lastAxisOnly =
  (kind: string): KerasReader =>
  ({ config, shape }) =>
    [-1, shape?.length].includes(Number([config['axis'] ?? -1].flat()[0])) ? [{ kind, params: {} }] : null

/** Activations by their names, as a layer or as another layer's option. */
export const activations: Readonly<Record<string, string>> = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  elu: 'elu',
}

const activation: KerasReader = ({ config }) => {
  const name = config['activation']
  if (name === 'linear') return []
  const kind = typeof name === 'string' ? lookUp(activations, name) : undefined
  return kind === undefined ? null : [{ kind, params: {} }]
}

export const kerasLayers: Readonly<Record<string, KerasReader>> = {
  Conv2D: conv2d,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Conv2DTranspose: transposed,
  Dense: plain('linear', (c) => ({ out_features: c['units'], bias: c['use_bias'] !== false })),
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  GroupNormalization: groupNorm,
  MaxPooling2D: pool('max_pool2d'),
  AveragePooling2D: pool('avg_pool2d'),
  GlobalAveragePooling2D: globalPool,
  Flatten: flatten,
  Reshape: reshape,
  Dropout: plain('dropout', (c) => ({ p: c['rate'] })),
  SpatialDropout2D: plain('dropout2d', (c) => ({ p: c['rate'] })),
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
  Add: plain('add'),
  Multiply: plain('multiply'),
  Concatenate: lastAxisOnly('concatenate'),
  ReLU: relu,
  LeakyReLU: plain('leaky_relu', (c) => ({ negative_slope: c['negative_slope'] ?? c['alpha'] })),
  PReLU: prelu,
  ELU: plain('elu', (c) => ({ alpha: c['alpha'] ?? 1 })),
  Softmax: lastAxisOnly('softmax'),
  Activation: activation,
}
