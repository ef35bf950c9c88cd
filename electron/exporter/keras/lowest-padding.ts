import { asImage } from '../../../shared/network/shape'
import type { Sides } from '../../../shared/ops/ops'
import type { KerasGraph, KerasValue } from './graph'

/** Below every value that a network can have, and exact in float32 when it is added to zero. */
const lowest = 1e30

/**
 * Padding that never wins a maximum, of layers that know only zeros: a picture of ones, made by a convolution whose kernel is
 * zero, is padded with zeros and becomes 0 within and -1e30 around, which is added to the padded picture.
 */
export function lowestPadding(graph: KerasGraph, x: KerasValue, { top, bottom, left, right }: Sides): KerasValue {
  const { height = 1, width = 1, channels = 1 } = asImage(x.shape) ?? {}
  const padding = [
    [top, bottom],
    [left, right],
  ]
  const config = {
    filters: channels,
    kernel_size: [1, 1],
    strides: [1, 1],
    padding: 'valid',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    activation: 'linear',
    use_bias: true,
    trainable: false,
  }
  const ones = graph.add('Conv2D', 'ones', [x], x.shape, config, [
    { name: 'kernel', tensor: { shape: [1, 1, channels, channels], values: new Float32Array(channels * channels) } },
    { name: 'bias', tensor: { shape: [channels], values: new Float32Array(channels).fill(1) } },
  ])
  const shape = [height + top + bottom, width + left + right, channels]
  const framed = graph.add('ZeroPadding2D', 'frame', [ones], shape, { padding, data_format: 'channels_last' })
  const mask = graph.add('Rescaling', 'mask', [framed], shape, { scale: lowest, offset: -lowest })
  const picture = graph.add('ZeroPadding2D', 'pad', [x], shape, { padding, data_format: 'channels_last' })
  return graph.add('Add', 'padded', [picture, mask], shape)
}
