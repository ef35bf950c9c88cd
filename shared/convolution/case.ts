import { windowedSize } from '../layers/params'
import type { Conv2dOptions } from '../ops/ops'

/**
 * One picture and one torch.nn.Conv2d, in PyTorch's layouts: channel first, rows top to bottom, columns left to right. All
 * arithmetic on it is in float64, so that what is shown is the formula's value and not one engine's rounding.
 */
export interface ConvolutionCase {
  readonly inputShape: readonly [channels: number, height: number, width: number]
  readonly input: Float64Array
  /** `[out, in/groups, kh, kw]` */
  readonly kernelShape: readonly [filters: number, perGroup: number, height: number, width: number]
  readonly kernel: Float64Array
  /** `[out]`; null where the layer has none. */
  readonly bias: Float64Array | null
  readonly options: Conv2dOptions
}

/** What of a case can be changed number by number. */
export const caseTensors = ['input', 'kernel', 'bias'] as const
export type CaseTensor = (typeof caseTensors)[number]

/** A place in the output. */
export interface OutputPlace {
  readonly filter: number
  readonly row: number
  readonly column: number
}

/** `[filters, height, width]`; sizes below 1 for a kernel that does not fit. */
export function outputShape({
  inputShape,
  kernelShape,
  options,
}: Pick<ConvolutionCase, 'inputShape' | 'kernelShape' | 'options'>): readonly [number, number, number] {
  const { stride, padding, dilation } = options
  return [
    kernelShape[0],
    windowedSize(inputShape[1], kernelShape[2], stride[0], padding.top + padding.bottom, dilation[0]),
    windowedSize(inputShape[2], kernelShape[3], stride[1], padding.left + padding.right, dilation[1]),
  ]
}

/** How many outputs there are; they are counted filter by filter, row by row. */
export function outputCount(of: ConvolutionCase): number {
  const [filters, height, width] = outputShape(of)
  return filters * height * width
}

export function placeOf(of: ConvolutionCase, index: number): OutputPlace {
  const [, height, width] = outputShape(of)
  const inMap = index % (height * width)
  return { filter: Math.floor(index / (height * width)), row: Math.floor(inMap / width), column: inMap % width }
}

export function indexOf(of: ConvolutionCase, { filter, row, column }: OutputPlace): number {
  const [, height, width] = outputShape(of)
  return (filter * height + row) * width + column
}

/** The input channels that a filter sees: `count` of them from `first` on. */
export function channelsOf(of: ConvolutionCase, filter: number): { readonly first: number; readonly count: number } {
  const [filters, count] = of.kernelShape
  return { first: Math.floor((filter * of.options.groups) / filters) * count, count }
}

/**
 * Calls `visit` for every product of one output, channel by channel, row by row, with the positions of its two factors in
 * `input` (-1 in the padding) and `kernel`. Everything in this folder is built on this walk.
 */
export function forEachTap(
  of: ConvolutionCase,
  place: OutputPlace,
  visit: (input: number, kernel: number) => void,
): void {
  const [, height, width] = of.inputShape
  const [, , kernelHeight, kernelWidth] = of.kernelShape
  const { stride, padding, dilation } = of.options
  const { first, count } = channelsOf(of, place.filter)
  const top = place.row * stride[0] - padding.top
  const left = place.column * stride[1] - padding.left
  let kernel = place.filter * count * kernelHeight * kernelWidth
  for (let channel = first; channel < first + count; channel++) {
    for (let i = 0; i < kernelHeight; i++) {
      const row = top + i * dilation[0]
      const start = row >= 0 && row < height ? (channel * height + row) * width : -1
      for (let j = 0; j < kernelWidth; j++, kernel++) {
        const column = left + j * dilation[1]
        visit(start >= 0 && column >= 0 && column < width ? start + column : -1, kernel)
      }
    }
  }
}
