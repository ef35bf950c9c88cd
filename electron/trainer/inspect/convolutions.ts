import { resolvePadding, type Padding } from '../../../shared/layers/params'
import type { AnalyzedLayer } from '../../../shared/network/analyze'
import type { ImageShape } from '../../../shared/network/shape'
import type { Conv2dOptions } from '../../../shared/ops/ops'

/** The parameters of a Conv2d, as its kind parses them. */
interface Conv2dParams {
  readonly out_channels: number
  readonly kernel_size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Padding
  readonly dilation: readonly [number, number]
  readonly groups: number
  readonly bias: boolean
}

export interface Convolution {
  /** The layer whose output enters. */
  readonly source: string
  readonly options: Conv2dOptions
  /** `[out, in/groups, kh, kw]` */
  readonly kernelShape: readonly [number, number, number, number]
  readonly hasBias: boolean
}

/** What a layer that is known to be a Conv2d computes. */
export function convolutionOf({ node, params, inputShapes }: AnalyzedLayer): Convolution {
  const p = params as unknown as Conv2dParams
  const [source] = node.inputs
  const [, , channels] = inputShapes[0] ?? []
  if (source === undefined || channels === undefined) throw new RangeError(`${node.id} is no Conv2d`)
  return {
    source,
    options: {
      stride: p.stride,
      padding: resolvePadding(p.padding, p.kernel_size, p.dilation),
      dilation: p.dilation,
      groups: p.groups,
    },
    kernelShape: [p.out_channels, channels / p.groups, ...p.kernel_size],
    hasBias: p.bias,
  }
}

/** Where a window lies at an output's place: calls `visit` with the picture's places and the kernel's, padding left out. */
function visitWindow(
  { options, kernelShape: [, , rows, columns] }: Convolution,
  input: ImageShape,
  [row, column]: readonly [number, number],
  visit: (place: number, kernelPlace: number) => void,
): void {
  const { stride, padding, dilation } = options
  const [top, left] = [row * stride[0] - padding.top, column * stride[1] - padding.left]
  for (let i = 0; i < rows; i++) {
    const y = top + i * dilation[0]
    if (y < 0 || y >= input.height) continue
    for (let j = 0; j < columns; j++) {
      const x = left + j * dilation[1]
      if (x >= 0 && x < input.width) visit(y * input.width + x, i * columns + j)
    }
  }
}

/**
 * The square of every window's length, in double precision: what a convolution with ones makes of the picture's squares.
 * `values` are one picture's, HWC; gives `[groups, height, width]` of the output.
 */
export function windowSquares(
  convolution: Convolution,
  values: Float32Array,
  input: ImageShape,
  output: ImageShape,
): Float64Array {
  const { groups } = convolution.options
  const perGroup = input.channels / groups
  const places = input.height * input.width
  const squares = new Float64Array(groups * places)
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < input.channels; channel++) {
      squares[Math.floor(channel / perGroup) * places + place]! += values[place * input.channels + channel]! ** 2
    }
  }
  const sums = new Float64Array(groups * output.height * output.width)
  let at = 0
  for (let row = 0; row < output.height; row++) {
    for (let column = 0; column < output.width; column++, at++) {
      visitWindow(convolution, input, [row, column], (place) => {
        for (let group = 0; group < groups; group++) {
          sums[group * output.height * output.width + at]! += squares[group * places + place]!
        }
      })
    }
  }
  return sums
}

/** Scalar products of one kernel with every window, without the bias, in double precision: `[height, width]` of the output. */
export function windowProducts(
  convolution: Convolution,
  values: Float32Array,
  input: ImageShape,
  output: ImageShape,
  kernel: Float32Array,
  channel: number,
): Float64Array {
  const [outputs, depth, rows, columns] = convolution.kernelShape
  const size = rows * columns
  const firstInput = Math.floor(channel / (outputs / convolution.options.groups)) * depth
  const products = new Float64Array(output.height * output.width)
  let at = 0
  for (let row = 0; row < output.height; row++) {
    for (let column = 0; column < output.width; column++, at++) {
      visitWindow(convolution, input, [row, column], (place, kernelPlace) => {
        const pixel = place * input.channels + firstInput
        const weight = channel * depth * size + kernelPlace
        for (let c = 0; c < depth; c++) products[at]! += values[pixel + c]! * kernel[weight + c * size]!
      })
    }
  }
  return products
}

/** The square of each kernel's length: `[out]`. */
export function kernelSquares({ kernelShape: [outputs] }: Convolution, kernel: Float32Array): Float64Array {
  const size = kernel.length / outputs
  return Float64Array.from({ length: outputs }, (_, output) => {
    let sum = 0
    for (let at = output * size; at < (output + 1) * size; at++) sum += kernel[at]! ** 2
    return sum
  })
}
