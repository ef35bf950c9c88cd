import type { ConvTranspose2dOptions } from '../../../../../shared/ops/ops'
import type { Attr, GraphBuilder, Out } from '../graph/graph'
import { batchOf, concatenate, pad, slice, split } from '../graph/math'
import { convolutionAttrs, fullConvolution, spreadKernel } from './conv2d'
import { exactly, need, withoutPadding, type Gradients, type Lowering } from './context'

interface Transposed {
  readonly out: Out
  inputGradient(dy: Out): Out
  kernelGradient(dy: Out): Out
}

type Size = readonly [number, number]

/**
 * A transposed convolution is a convolution's gradient of its input, so TensorFlow's ops for a convolution serve, each in
 * another's place. Dilation and groups as in `lowerConv2d`.
 */
export const lowerConvTranspose2d: Lowering<'convTranspose2d'> = (context, { options }) => {
  const { graph, step } = context
  const [height = 1, width = 1] = step.shape
  const x = withoutPadding(graph, need(context, 'x'))
  const spread = spreadKernel(graph, need(context, 'kernel').out, options.dilation)
  const inputs = options.groups === 1 ? [x.out] : split(graph, x.out, options.groups, 3)
  const kernels = options.groups === 1 ? [spread.out] : split(graph, spread.out, options.groups, 3)
  const parts = inputs.map((input, group) => {
    const kernel = kernels[group]
    if (!kernel) throw new RangeError('a group without kernels')
    return transposed(graph, input, kernel, options, [height, width])
  })
  function backward(dy: Out): Gradients {
    const pieces = options.groups === 1 ? [dy] : split(graph, dy, options.groups, 3)
    const joined = (gradient: (part: Transposed, piece: Out) => Out) =>
      joinChannels(
        graph,
        parts.map((part, group) => gradient(part, pieces[group] ?? dy)),
      )
    const gradients: Record<string, Out> = {}
    if (context.needsGradient('x')) gradients['x'] = x.back(joined((part, piece) => part.inputGradient(piece)))
    if (context.needsGradient('kernel')) {
      gradients['kernel'] = spread.back(joined((part, piece) => part.kernelGradient(piece)))
    }
    return gradients
  }
  const out = joinChannels(
    graph,
    parts.map((part) => part.out),
  )
  return { value: exactly(out), backward }
}

/** Kernel `[kh, kw, out, in]`, which is what the convolution in the other direction would have. */
function transposed(graph: GraphBuilder, x: Out, kernel: Out, options: ConvTranspose2dOptions, size: Size): Transposed {
  const [down, across] = options.padding
  const [moreDown, moreAcross] = options.outputPadding
  const fits = moreDown <= down && moreAcross <= across
  const padding = fits
    ? { top: down, bottom: down - moreDown, left: across, right: across - moreAcross }
    : { top: 0, bottom: 0, left: 0, right: 0 }
  const straight = { stride: options.stride, padding, dilation: [1, 1], groups: 1 } as const
  const attrs = convolutionAttrs(straight)
  const whole = fits ? size : wholeSize(x, kernel, options)
  const dims = [-1, ...whole, kernel.dims[2] ?? 1]
  const full = graph.add('Conv2DBackpropInput', [batchOf(graph, x, dims.slice(1)), kernel, x], attrs, { dims })
  const cut = fits ? { out: full, back: (dy: Out) => dy } : cutOut(graph, full, options, size)
  return {
    out: cut.out,
    inputGradient: (dy) => fullConvolution(graph, cut.back(dy), kernel, straight).out,
    kernelGradient: (dy) => kernelGradient(graph, cut.back(dy), x, kernel, attrs),
  }
}

function kernelGradient(graph: GraphBuilder, dy: Out, x: Out, kernel: Out, attrs: Readonly<Record<string, Attr>>): Out {
  return graph.add('Conv2DBackpropFilter', [dy, graph.ints(kernel.dims), x], attrs, { dims: kernel.dims })
}

/** Before its padding is cut off and its output padding added. */
function wholeSize(x: Out, kernel: Out, { stride }: ConvTranspose2dOptions): Size {
  const along = (axis: 0 | 1) => ((x.dims[axis + 1] ?? 1) - 1) * stride[axis] + (kernel.dims[axis] ?? 1)
  return [along(0), along(1)]
}

/** More output padding than there is to cut off: rows and columns that no kernel reaches are zeros. */
function cutOut(graph: GraphBuilder, full: Out, options: ConvTranspose2dOptions, [height, width]: Size) {
  const [down, across] = options.padding
  const [moreDown, moreAcross] = options.outputPadding
  const [, rows = 1, columns = 1, channels = 1] = full.dims
  const grown = pad(graph, full, [
    [0, 0],
    [0, moreDown],
    [0, moreAcross],
    [0, 0],
  ])
  function back(dy: Out): Out {
    const placed = pad(graph, dy, [
      [0, 0],
      [down, down],
      [across, across],
      [0, 0],
    ])
    return slice(graph, placed, [0, 0, 0, 0], [-1, rows, columns, channels])
  }
  return { out: slice(graph, grown, [0, down, across, 0], [-1, height, width, channels]), back }
}

function joinChannels(graph: GraphBuilder, parts: readonly Out[]): Out {
  const [first] = parts
  return first && parts.length === 1 ? first : concatenate(graph, parts, 3)
}
