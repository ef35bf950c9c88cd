import type { Conv2dOptions } from '../../../../../shared/ops/ops'
import type { Attr, GraphBuilder, Out } from '../graph/graph'
import { concatenate, everyNth, pad, reshape, slice, sizesOf, split } from '../graph/math'
import { firstOfLast, need, padLast, withoutPadding, type Gradients, type Lowering } from './context'
import { padImage, thinned } from './image-window'

/** A convolution that TensorFlow computes on every processor, with its two gradients. */
interface Convolution {
  readonly out: Out
  inputGradient(dy: Out): Out
  kernelGradient(dy: Out): Out
}

/**
 * Lowered so that it has gradients everywhere: dilated kernels are spread out with zeros (TensorFlow has no gradients for
 * dilation without oneDNN), groups are split and concatenated, and depthwise convolutions have an op of their own.
 */
export const lowerConv2d: Lowering<'conv2d'> = (context, { options }) => {
  const { graph } = context
  // Measured: convolutions are faster on just their 25 input channels than on 25 padded to 32.
  const input = withoutPadding(graph, need(context, 'x'))
  const kernel = need(context, 'kernel').out
  const channels = kernel.dims[3] ?? 1
  const spread = spreadKernel(graph, kernel, options.dilation)
  const padded = context.padChannels && options.groups === 1 ? Math.ceil(channels / 16) * 16 : channels
  const wide = padLast(graph, spread.out, padded)
  const result = convolve(graph, input.out, wide, options)
  function backward(dy: Out): Gradients {
    const gradients: Record<string, Out> = {}
    if (context.needsGradient('x')) gradients['x'] = input.back(result.inputGradient(dy))
    if (context.needsGradient('kernel')) {
      gradients['kernel'] = spread.back(firstOfLast(graph, result.kernelGradient(dy), channels))
    }
    return gradients
  }
  return { value: { out: result.out, channels }, backward }
}

/** The forward pass alone, for one group and any dilation. */
export function plainConvolution(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Out {
  return fullConvolution(graph, x, spreadKernel(graph, kernel, options.dilation).out, options).out
}

function convolve(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const inputChannels = x.dims[3] ?? 1
  if (options.groups === 1) return fullConvolution(graph, x, kernel, options)
  const depthwise = options.groups === inputChannels
  return depthwise ? thinnedDepthwise(graph, x, kernel, options) : groupedConvolution(graph, x, kernel, options)
}

/** TensorFlow's depthwise op knows one stride for both axes: their common part, and the rest by leaving outputs out. */
function thinnedDepthwise(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const [down, across] = options.stride
  const common = greatestCommonDivisor(down, across)
  const dense = depthwiseConvolution(graph, x, kernel, { ...options, stride: [common, common] })
  if (down === across) return dense
  const thin = thinned(graph, dense.out, [down / common, across / common])
  return {
    out: thin.out,
    inputGradient: (dy) => dense.inputGradient(thin.back(dy)),
    kernelGradient: (dy) => dense.kernelGradient(thin.back(dy)),
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/**
 * A convolution over all channels at once. With one input channel and unequal strides oneDNN (as of TensorFlow 2.21) reads
 * beyond the picture and now and then gives garbage, so a second channel, of zeros, goes with it there.
 */
export function fullConvolution(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const [down, across] = options.stride
  if (x.dims[3] !== 1 || down === across) return anyConvolution(graph, x, kernel, options)
  const [kh = 1, kw = 1, , outputs = 1] = kernel.dims
  const wide = pad(graph, kernel, [
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 0],
  ])
  const convolution = anyConvolution(graph, padLast(graph, x, 2), wide, options)
  return {
    out: convolution.out,
    inputGradient: (dy) => firstOfLast(graph, convolution.inputGradient(dy), 1),
    kernelGradient: (dy) => slice(graph, convolution.kernelGradient(dy), [0, 0, 0, 0], [kh, kw, 1, outputs]),
  }
}

function anyConvolution(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const attrs = convolutionAttrs(options)
  return {
    out: graph.add('Conv2D', [x, kernel], attrs, { dims: outputDims(x, kernel, options) }),
    inputGradient: (dy) => graph.add('Conv2DBackpropInput', [sizesOf(graph, x), kernel, dy], attrs, { dims: x.dims }),
    kernelGradient: (dy) =>
      graph.add('Conv2DBackpropFilter', [x, graph.ints(kernel.dims), dy], attrs, { dims: kernel.dims }),
  }
}

/** Of a convolution without groups and dilation, and of its gradients. */
export function convolutionAttrs({ stride, padding }: Pick<Conv2dOptions, 'stride' | 'padding'>): Record<string, Attr> {
  const { top, bottom, left, right } = padding
  const none = top + bottom + left + right === 0
  return {
    T: { type: 'float32' },
    strides: { ints: [1, stride[0], stride[1], 1] },
    padding: { text: none ? 'VALID' : 'EXPLICIT' },
    ...(none ? {} : { explicit_paddings: { ints: [0, 0, top, bottom, left, right, 0, 0] } }),
  }
}

/** Kernel `[kh, kw, 1, in · multiplier]`; PyTorch orders outputs by input channel first, as TensorFlow does. */
function depthwiseConvolution(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const [kh = 1, kw = 1, , outputs = 1] = kernel.dims
  const channels = x.dims[3] ?? 1
  const perChannel = reshape(graph, kernel, [kh, kw, channels, outputs / channels])
  const padded = padImage(graph, x, options.padding)
  const attrs: Record<string, Attr> = {
    T: { type: 'float32' },
    strides: { ints: [1, options.stride[0], options.stride[1], 1] },
    padding: { text: 'VALID' },
  }
  return {
    out: graph.add('DepthwiseConv2dNative', [padded.out, perChannel], attrs, { dims: outputDims(x, kernel, options) }),
    inputGradient: (dy) =>
      padded.back(
        graph.add('DepthwiseConv2dNativeBackpropInput', [sizesOf(graph, padded.out), perChannel, dy], attrs, {
          dims: padded.out.dims,
        }),
      ),
    kernelGradient: (dy) =>
      reshape(
        graph,
        graph.add('DepthwiseConv2dNativeBackpropFilter', [padded.out, graph.ints(perChannel.dims), dy], attrs, {
          dims: perChannel.dims,
        }),
        kernel.dims,
      ),
  }
}

function groupedConvolution(graph: GraphBuilder, x: Out, kernel: Out, options: Conv2dOptions): Convolution {
  const inputs = split(graph, x, options.groups, 3)
  const kernels = split(graph, kernel, options.groups, 3)
  const parts = inputs.map((input, group) => {
    const part = kernels[group]
    if (!part) throw new RangeError('a group without kernels')
    return fullConvolution(graph, input, part, options)
  })
  return {
    out: concatenate(
      graph,
      parts.map((part) => part.out),
      3,
    ),
    inputGradient: (dy) => overGroups(dy, (part, piece) => part.inputGradient(piece)),
    kernelGradient: (dy) => overGroups(dy, (part, piece) => part.kernelGradient(piece)),
  }
  function overGroups(dy: Out, gradient: (part: Convolution, piece: Out) => Out): Out {
    const pieces = split(graph, dy, options.groups, 3)
    const gradients = parts.map((part, group) => gradient(part, pieces[group] ?? dy))
    return concatenate(graph, gradients, 3)
  }
}

/** The kernel with `dilation - 1` zeros between its values, and the way back for its gradient. */
export function spreadKernel(
  graph: GraphBuilder,
  kernel: Out,
  dilation: readonly [number, number],
): { out: Out; back: (gradient: Out) => Out } {
  const [down, across] = dilation
  if (down === 1 && across === 1) return { out: kernel, back: (gradient) => gradient }
  const [kh = 1, kw = 1, inputs = 1, outputs = 1] = kernel.dims
  const apart = reshape(graph, kernel, [kh, 1, kw, 1, inputs, outputs])
  const gaps = [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
    [0, 0],
  ] as const
  const whole = reshape(graph, pad(graph, apart, gaps), [kh * down, kw * across, inputs, outputs])
  const size = [(kh - 1) * down + 1, (kw - 1) * across + 1, inputs, outputs]
  return {
    out: slice(graph, whole, [0, 0, 0, 0], size),
    back: (gradient) => everyNth(graph, gradient, [down, across, 1, 1]),
  }
}

function outputDims(x: Out, kernel: Out, options: Conv2dOptions): number[] {
  const [kh = 1, kw = 1, , outputs = 1] = kernel.dims
  const [, height = 1, width = 1] = x.dims
  const { top, bottom, left, right } = options.padding
  return [
    -1,
    Math.floor((height + top + bottom - kh) / options.stride[0]) + 1,
    Math.floor((width + left + right - kw) / options.stride[1]) + 1,
    outputs,
  ]
}
