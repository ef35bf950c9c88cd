import type { NamedTensor } from '../../../shared/formats/tensors'
import { resolvePadding, slide, transposedSize } from '../../../shared/layers/params'
import type { Conv2dOptions, ConvTranspose2dOptions } from '../../../shared/ops/ops'
import type { KerasGraph, KerasValue } from './graph'
import { depthwiseKernel, spreadKernel, wholeKernel, wholeTransposedKernel } from './kernels'
import type { KerasShapes } from './shapes'
import { imageOf, isNone, none, sides, tensorOf, type Value } from './values'

export function kerasConvolutions(graph: KerasGraph, { padded, cropped }: KerasShapes) {
  const isKeras = graph.dialect === 'keras'

  function convolution(
    x: Value,
    kernel: NamedTensor,
    { stride, padding, dilation, groups }: Conv2dOptions,
  ): KerasValue {
    const [kh = 1, kw = 1, , out = 1] = kernel.shape
    const { channels } = imageOf(x)
    const { height, width } = slide(imageOf(x), { kernel: [kh, kw], stride, padding, dilation })
    const depthwise = !isKeras && groups > 1 && groups === channels
    // Neither takes a stride along with a dilation, and TensorFlow.js forgets the dilation of depthwise ones.
    const spreads = depthwise || stride[0] > 1 || stride[1] > 1
    const spread = spreads ? spreadKernel(kernel, dilation) : kernel
    const same = resolvePadding('same', [kh, kw], dilation)
    const isSame =
      stride[0] === 1 && stride[1] === 1 && !isNone(padding) && sides.every((side) => padding[side] === same[side])
    const entering = isSame ? x : padded(x, padding)
    const size = spread.shape.slice(0, 2)
    const shared = {
      kernel_size: size,
      strides: stride,
      padding: isSame ? 'same' : 'valid',
      data_format: 'channels_last',
      dilation_rate: spreads ? [1, 1] : dilation,
      activation: 'linear',
      use_bias: false,
    }
    const shape = [height, width, out]
    if (depthwise) {
      const tensor = depthwiseKernel(spread, channels)
      const config = { ...shared, depth_multiplier: out / channels }
      return graph.add('DepthwiseConv2D', '', [entering], shape, config, [{ name: 'depthwise_kernel', tensor }])
    }
    const tensor = !isKeras && groups > 1 ? wholeKernel(spread, groups) : spread
    const config = { filters: out, ...shared, ...(isKeras ? { groups } : {}) }
    return graph.add('Conv2D', '', [entering], shape, config, [{ name: 'kernel', tensor }])
  }

  function transposedConvolution(x: Value, kernel: NamedTensor, options: ConvTranspose2dOptions): KerasValue {
    const { stride, padding, outputPadding, dilation, groups } = options
    const whole = groups > 1 ? wholeTransposedKernel(kernel, groups) : kernel
    const tensor = spreadKernel(whole, dilation)
    const [kh = 1, kw = 1, out = 1] = tensor.shape
    const { height, width } = imageOf(x)
    const [down, across] = ([0, 1] as const).map((axis) => {
      const [size, kernelSize] = axis === 0 ? [height, kh] : [width, kw]
      const one = { stride: stride[axis], padding: padding[axis], outputPadding: outputPadding[axis], dilation: 1 }
      return transposedEnd(size, kernelSize, one)
    })
    if (!down || !across) throw new RangeError('two axes')
    const entering = padded(x, { ...none, bottom: down.zeros, right: across.zeros })
    const config = {
      filters: out,
      kernel_size: [kh, kw],
      strides: stride,
      padding: 'valid',
      data_format: 'channels_last',
      ...(isKeras ? { dilation_rate: [1, 1], output_padding: null } : {}),
      activation: 'linear',
      use_bias: false,
    }
    const value = graph.add('Conv2DTranspose', '', [entering], [down.whole, across.whole, out], config, [
      { name: 'kernel', tensor },
    ])
    const cut = { top: padding[0], bottom: down.cut, left: padding[1], right: across.cut }
    // The bias is every place's, so it may come before the cut: the layer carries it.
    return graph.cutFrom(cropped('crop', value, cut), value)
  }

  /** A factor and a term for each channel, as a convolution of one pixel. */
  function channelwise(x: Value, scale: Value | null, shift: Value | null): KerasValue {
    const { channels } = imageOf(x)
    const ones = scale ? tensorOf(scale).values : new Float32Array(channels).fill(1)
    const kernel = { name: 'depthwise_kernel', tensor: { shape: [1, 1, channels, 1], values: ones } }
    const config = {
      kernel_size: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      data_format: 'channels_last',
      depth_multiplier: 1,
      activation: 'linear',
      use_bias: false,
    }
    const value = graph.add('DepthwiseConv2D', '', [x], x.shape, config, [kernel])
    if (shift) graph.giveBias(value, tensorOf(shift))
    return value
  }

  return { convolution, transposedConvolution, channelwise }
}

/** Along one axis of a transposed convolution: zeros to put behind the input, Keras' output, and what to cut off behind it. */
function transposedEnd(
  size: number,
  kernel: number,
  one: { stride: number; padding: number; outputPadding: number; dilation: number },
): { zeros: number; whole: number; cut: number } {
  const wanted = one.padding + transposedSize(size, kernel, one)
  // Keras gives at least a whole stride for each input.
  const whole = (inputs: number) => (inputs - 1) * one.stride + Math.max(kernel, one.stride)
  const zeros = Math.max(0, Math.ceil((wanted - whole(size)) / one.stride))
  return { zeros, whole: whole(size + zeros), cut: whole(size + zeros) - wanted }
}
