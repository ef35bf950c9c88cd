import { readFileSync } from 'node:fs'
import { readNetwork } from '../../shared/network/parse'
import type { NetworkDocument } from '../../shared/network/document'

type Layer = readonly [id: string, kind: string, params?: object, inputs?: readonly string[]]

/** Layers in a chain, but for those that name their inputs. */
function network(name: string, size: readonly [number, number, number], layers: readonly Layer[]): NetworkDocument {
  const [height, width, channels] = size
  const all: Layer[] = [['input', 'input', { height, width, channels }, []], ...layers]
  return readNetwork(
    {
      format: 'convscope.network',
      version: 1,
      name,
      layers: all.map(([id, kind, params = {}, inputs], index) => ({
        id,
        kind,
        params,
        inputs: inputs ?? [all[index - 1]?.[0]],
      })),
    },
    name,
  )
}

const end: readonly Layer[] = [
  ['flatten', 'flatten'],
  ['fc', 'linear', { out_features: 7, bias: false }],
]

/** Together they have every layer kind, and every parameter that changes what is computed. */
export const cases: Readonly<Record<string, NetworkDocument>> = {
  reference: readNetwork(
    JSON.parse(readFileSync(new URL('../../resources/networks/reference.json', import.meta.url), 'utf8')),
    'reference',
  ),
  convolutions: network(
    'Convolutions',
    [17, 14, 3],
    [
      ['conv1', 'conv2d', { out_channels: 8, kernel_size: [3, 5], padding: [2, 1], stride: [2, 1] }],
      ['relu1', 'relu'],
      ['conv2', 'conv2d', { out_channels: 12, kernel_size: [2, 4], padding: 'same', groups: 4, dilation: [2, 1] }],
      ['bn', 'batch_norm2d', { eps: 0.001, momentum: 0.03 }],
      [
        'conv3',
        'conv2d',
        { out_channels: 6, kernel_size: 3, padding: [1, 2], stride: [2, 3], dilation: [2, 1], bias: false },
      ],
      ['bn2', 'batch_norm2d', { affine: false }],
      ['conv4', 'conv2d', { out_channels: 6, kernel_size: 3, padding: 1, groups: 6 }],
      ['conv5', 'conv2d', { out_channels: 4, kernel_size: 1, padding: 'valid' }],
      ...end,
    ],
  ),
  'residual with branches': network(
    'Residual',
    [12, 12, 4],
    [
      ['stem', 'conv2d', { out_channels: 8, kernel_size: 3, padding: 1 }],
      ['a', 'conv2d', { out_channels: 8, kernel_size: 3, padding: 1 }, ['stem']],
      ['a2', 'batch_norm2d', {}, ['a']],
      ['sum', 'add', {}, ['stem', 'a2', 'input8']],
      ['input8', 'conv2d', { out_channels: 8, kernel_size: 1 }, ['input']],
      ['joined', 'concatenate', {}, ['sum', 'input', 'a']],
      ['twice', 'add', {}, ['joined', 'joined']],
      ['flat', 'flatten', {}, ['twice']],
      ['left', 'linear', { out_features: 5 }, ['flat']],
      ['right', 'linear', { out_features: 4, bias: false }, ['flat']],
      ['both', 'concatenate', {}, ['left', 'right']],
    ],
  ),
  'squeeze and excitation': network(
    'Squeeze',
    [10, 9, 3],
    [
      ['conv', 'conv2d', { out_channels: 8, kernel_size: 3 }],
      ['squeeze', 'global_avg_pool', {}, ['conv']],
      ['fc1', 'linear', { out_features: 8 }],
      ['gate', 'sigmoid'],
      ['scaled', 'multiply', {}, ['conv', 'gate']],
      ['pooled', 'adaptive_avg_pool2d', { output_size: 1 }, ['scaled']],
      ['bn', 'batch_norm2d', {}, ['scaled']],
      ['again', 'multiply', {}, ['gate', 'bn', 'pooled']],
      ['bn2', 'batch_norm2d'],
      ['squared', 'multiply', {}, ['bn2', 'bn2']],
      ...end,
    ],
  ),
  'max pooling': network(
    'Max pooling',
    [19, 23, 2],
    [
      ['conv', 'conv2d', { out_channels: 5, kernel_size: 3 }],
      ['pool1', 'max_pool2d', { kernel_size: [3, 2], stride: [2, 1], padding: [1, 1] }],
      ['pool2', 'max_pool2d', { kernel_size: [2, 3], stride: [1, 2], dilation: [2, 2], padding: [1, 0] }],
      ['pool3', 'max_pool2d', { kernel_size: 2, stride: 2, ceil_mode: true }],
      ['pad', 'max_pool2d', { kernel_size: [1, 2], stride: [1, 1], dilation: [1, 2] }],
      ...end,
    ],
  ),
  'average pooling': network(
    'Average pooling',
    [21, 18, 2],
    [
      ['conv', 'conv2d', { out_channels: 5, kernel_size: 3 }],
      ['pool1', 'avg_pool2d', { kernel_size: [3, 2], stride: [2, 1], padding: [1, 1] }],
      ['pool2', 'avg_pool2d', { kernel_size: 3, stride: 2, padding: 1, count_include_pad: false }],
      ['pool3', 'avg_pool2d', { kernel_size: 2, stride: [2, 3], ceil_mode: true, padding: [1, 0] }],
      ['multiply', 'avg_pool2d', { kernel_size: 1, stride: 1 }],
      ['bins', 'adaptive_avg_pool2d', { output_size: [2, 2] }],
      ...end,
    ],
  ),
  'transposed convolutions': network(
    'Transposed',
    [6, 5, 4],
    [
      ['up1', 'conv_transpose2d', { out_channels: 6, kernel_size: 2, stride: 2 }],
      [
        'up2',
        'conv_transpose2d',
        { out_channels: 6, kernel_size: [3, 2], stride: [2, 3], padding: 1, output_padding: [1, 2] },
      ],
      [
        'up3',
        'conv_transpose2d',
        { out_channels: 4, kernel_size: 3, stride: 1, padding: [2, 1], dilation: [2, 1], bias: false },
      ],
      [
        'up4',
        'conv_transpose2d',
        { out_channels: 8, kernel_size: [2, 3], stride: [2, 1], padding: [0, 1], groups: 2, output_padding: [1, 0] },
      ],
      [
        'up5',
        'conv_transpose2d',
        { out_channels: 3, kernel_size: 2, stride: 2, dilation: [2, 3], padding: [2, 0], bias: false },
      ],
      [
        'up6',
        'conv_transpose2d',
        { out_channels: 3, kernel_size: 1, stride: 3, output_padding: [2, 0], padding: [0, 1] },
      ],
      [
        'up7',
        'conv_transpose2d',
        { out_channels: 2, kernel_size: 2, stride: 1, dilation: [3, 2], output_padding: [2, 1] },
      ],
      ['pool', 'avg_pool2d', { kernel_size: 9, stride: 9 }],
      ...end,
    ],
  ),
  'separable convolutions': network(
    'Separable',
    [16, 15, 3],
    [
      ['sep1', 'separable_conv2d', { out_channels: 8, kernel_size: 3, stride: 2, padding: 1 }],
      ['act1', 'silu'],
      [
        'sep2',
        'separable_conv2d',
        { out_channels: 6, kernel_size: [2, 3], padding: 'same', depth_multiplier: 2, bias: false },
      ],
      ['sep3', 'separable_conv2d', { out_channels: 5, stride: [1, 2], dilation: 2, padding: [1, 2] }],
      ...end,
    ],
  ),
  normalizations: network(
    'Normalizations',
    [9, 8, 6],
    [
      ['ln1', 'layer_norm'],
      ['gn1', 'group_norm', { num_groups: 3, eps: 0.01 }],
      ['ln2', 'layer_norm', { bias: false, eps: 0.001 }],
      ['gn2', 'group_norm', { affine: false }],
      ['conv', 'conv2d', { out_channels: 4 }],
      ['ln3', 'layer_norm', { elementwise_affine: false }],
      ['flatten', 'flatten'],
      ['fc1', 'linear', { out_features: 20 }],
      ['ln4', 'layer_norm'],
      ['fc2', 'linear', { out_features: 7 }],
    ],
  ),
  activations: network(
    'Activations',
    [8, 8, 3],
    [
      ['conv1', 'conv2d', { out_channels: 6 }],
      ['leaky', 'leaky_relu', { negative_slope: 0.2 }],
      ['prelu1', 'prelu', { per_channel: true, init: 0.1 }],
      ['prelu2', 'prelu'],
      ['elu', 'elu', { alpha: 0.7 }],
      ['gelu', 'gelu'],
      ['gelu2', 'gelu', { approximate: 'tanh' }],
      ['channels', 'softmax'],
      ['drop2', 'dropout2d', { p: 0.3 }],
      ['flatten', 'flatten'],
      ['fc1', 'linear', { out_features: 9 }],
      ['tanh', 'tanh'],
      ['prelu3', 'prelu', { per_channel: true }],
      ['prelu4', 'prelu'],
      ['drop', 'dropout', { p: 0.2 }],
      ['silu', 'silu'],
      ['fc2', 'linear', { out_features: 9 }],
      ['softmax', 'softmax'],
    ],
  ),
  resizing: network(
    'Resizing',
    [7, 5, 2],
    [
      ['up1', 'upsample', { scale_factor: [2, 3] }],
      ['up2', 'upsample', { size: [17, 11] }],
      ['up3', 'upsample', { scale_factor: [1, 2], mode: 'bilinear' }],
      ['up4', 'upsample', { size: [9, 31], mode: 'bilinear', align_corners: true }],
      ['pad', 'zero_pad2d', { left: 1, right: 2, top: 0, bottom: 3 }],
      ['pad2', 'zero_pad2d'],
      ['bins', 'adaptive_avg_pool2d', { output_size: [5, 4] }],
      ['reshape1', 'reshape', { shape: [-1, 2, 4] }],
      ['conv', 'conv2d', { out_channels: 3, kernel_size: 2 }],
      ['reshape2', 'reshape', { shape: [9] }],
      ['reshape3', 'reshape', { shape: [1, 3, 3] }],
      ['reshape4', 'reshape'],
      ['fc', 'linear', { out_features: 7 }],
    ],
  ),
  'reserved names': network(
    'lambda 3 "quoted"',
    [6, 6, 2],
    [
      ['forward', 'conv2d', { out_channels: 4 }],
      ['class', 'batch_norm2d', {}, ['forward']],
      ['train', 'conv2d', { out_channels: 4, padding: 1 }, ['forward']],
      ['x', 'add', {}, ['class', 'train']],
      ['self', 'relu', {}, ['x']],
      ['torch', 'add', {}, ['self', 'x']],
      ['_modules', 'conv2d', { out_channels: 4, kernel_size: 1 }, ['torch']],
      ['layers', 'add', {}, ['_modules', 'torch', 'class']],
      ['None', 'flatten', {}, ['layers']],
      ['type', 'linear', { out_features: 7 }],
    ],
  ),
  'repeated group': readNetwork(
    {
      ...network(
        'Repeated',
        [10, 10, 3],
        [
          ['stem', 'conv2d', { out_channels: 4 }],
          ['conv', 'conv2d', { out_channels: 4, padding: 1 }],
          ['norm', 'batch_norm2d'],
          ['act', 'relu'],
          ['skip', 'add', {}, ['stem', 'act']],
          ['pool', 'global_avg_pool'],
        ],
      ),
      groups: [{ id: 'block', layers: ['conv', 'norm', 'act', 'skip'], repeat: 3 }],
    },
    'Repeated',
  ),
}
