import type { PythonTree } from './python-text'

export type TorchValues = Readonly<Record<string, PythonTree | undefined>>

/** How a torch.nn module becomes a layer. */
export interface TorchModule {
  readonly kind: string
  /** PyTorch's parameters in order, for what is given by position. */
  readonly signature: readonly string[]
  /** Those of ours that have PyTorch's name and meaning. */
  readonly same: readonly string[]
  /** The parameter that says what enters: channels or features. */
  readonly entering?: string
  /** Values besides PyTorch's own default that change what is computed, which no parameter of ours has. */
  readonly only?: Readonly<Record<string, PythonTree>>
  /** Parameters that are not called, or not meant, as in PyTorch. */
  convert?(values: TorchValues): Record<string, unknown>
}

function plain(kind: string, signature: readonly string[] = [], same: readonly string[] = signature): TorchModule {
  return { kind, signature, same }
}

const convolution = ['out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias']
const poolStride = (values: TorchValues) => ({ stride: toPlain(values['stride'] ?? values['kernel_size'] ?? null) })

export const torchModules: Readonly<Record<string, TorchModule>> = {
  Conv2d: {
    kind: 'conv2d',
    signature: ['in_channels', ...convolution, 'padding_mode'],
    same: convolution,
    entering: 'in_channels',
    only: { padding_mode: 'zeros' },
  },
  ConvTranspose2d: {
    kind: 'conv_transpose2d',
    signature:
      'in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode'.split(' '),
    same: [...convolution, 'output_padding'],
    entering: 'in_channels',
    only: { padding_mode: 'zeros' },
    // PyTorch's default is 1, ours is what one draws.
    convert: (values) => ({ stride: toPlain(values['stride'] ?? 1) }),
  },
  Linear: {
    kind: 'linear',
    signature: ['in_features', 'out_features', 'bias'],
    same: ['out_features', 'bias'],
    entering: 'in_features',
  },
  BatchNorm2d: {
    kind: 'batch_norm2d',
    signature: ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats'],
    same: ['eps', 'momentum', 'affine'],
    entering: 'num_features',
    only: { track_running_stats: true },
  },
  LayerNorm: {
    kind: 'layer_norm',
    signature: ['normalized_shape', 'eps', 'elementwise_affine', 'bias'],
    same: ['eps', 'elementwise_affine', 'bias'],
  },
  GroupNorm: {
    kind: 'group_norm',
    signature: ['num_groups', 'num_channels', 'eps', 'affine'],
    same: ['num_groups', 'eps', 'affine'],
    entering: 'num_channels',
  },
  MaxPool2d: {
    kind: 'max_pool2d',
    signature: ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'],
    same: ['kernel_size', 'padding', 'dilation', 'ceil_mode'],
    only: { return_indices: false },
    convert: poolStride,
  },
  AvgPool2d: {
    kind: 'avg_pool2d',
    signature: ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'],
    same: ['kernel_size', 'padding', 'ceil_mode', 'count_include_pad'],
    only: { divisor_override: null },
    convert: poolStride,
  },
  AdaptiveAvgPool2d: plain('adaptive_avg_pool2d', ['output_size']),
  Flatten: {
    kind: 'flatten',
    signature: ['start_dim', 'end_dim'],
    same: [],
    only: { start_dim: 1, end_dim: -1 },
  },
  Unflatten: {
    kind: 'reshape',
    signature: ['dim', 'unflattened_size'],
    same: [],
    only: { dim: 1 },
    convert: (values) => ({ shape: toPlain(values['unflattened_size'] ?? null) }),
  },
  Dropout: plain('dropout', ['p', 'inplace'], ['p']),
  Dropout2d: plain('dropout2d', ['p', 'inplace'], ['p']),
  Upsample: {
    kind: 'upsample',
    signature: ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor'],
    same: ['size', 'scale_factor', 'mode'],
    convert: (values) => (values['align_corners'] == null ? {} : { align_corners: values['align_corners'] }),
  },
  ZeroPad2d: {
    kind: 'zero_pad2d',
    signature: ['padding'],
    same: [],
    convert(values) {
      const padding = toPlain(values['padding'] ?? 0)
      const [left, right, top, bottom] = Array.isArray(padding)
        ? (padding as unknown[])
        : [padding, padding, padding, padding]
      return { left, right, top, bottom }
    },
  },
  ReLU: plain('relu', ['inplace'], []),
  LeakyReLU: plain('leaky_relu', ['negative_slope', 'inplace'], ['negative_slope']),
  PReLU: {
    kind: 'prelu',
    signature: ['num_parameters', 'init'],
    same: ['init'],
    convert: (values) => ({
      per_channel: typeof values['num_parameters'] === 'number' && values['num_parameters'] > 1,
    }),
  },
  ELU: plain('elu', ['alpha', 'inplace'], ['alpha']),
  GELU: plain('gelu', ['approximate']),
  SiLU: plain('silu', ['inplace'], []),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softmax: { kind: 'softmax', signature: ['dim'], same: [], only: { dim: 1 } },
}

/** A literal as JSON has it: tuples as arrays, bare words as strings. */
export function toPlain(tree: PythonTree): unknown {
  if (typeof tree !== 'object' || tree === null) return tree
  if (tree.type === 'tuple') return tree.items.map(toPlain)
  if (tree.type === 'name') return tree.name
  return `${tree.callee}(...)`
}
