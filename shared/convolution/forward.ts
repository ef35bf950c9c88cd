import { channelsOf, forEachTap, outputCount, placeOf, type ConvolutionCase, type OutputPlace } from './case'

/** One product of an output's sum. */
export interface Term {
  /** Of the input, and of the filter (which has only its group's channels). */
  readonly channel: number
  readonly filterChannel: number
  readonly kernelRow: number
  readonly kernelColumn: number
  /** In the input without its padding; below 0 or beyond it in the padding. */
  readonly row: number
  readonly column: number
  /** Positions in `input` (-1 in the padding) and `kernel`. */
  readonly inputIndex: number
  readonly kernelIndex: number
  readonly value: number
  readonly weight: number
  readonly product: number
  /** Sum of this product and those before it. */
  readonly running: number
}

/** How one output comes about. */
export interface OutputTerms extends OutputPlace {
  readonly terms: readonly Term[]
  /** Sum of the products of each channel of the filter. */
  readonly channelSums: readonly number[]
  /** Of all products, before the bias. */
  readonly sum: number
  /** 0 where the layer has none. */
  readonly bias: number
  readonly result: number
}

/** Every product of one output, in the order in which they are added. */
export function outputAt(of: ConvolutionCase, place: OutputPlace): OutputTerms {
  const [, , kernelHeight, kernelWidth] = of.kernelShape
  const { stride, padding, dilation } = of.options
  const { first, count } = channelsOf(of, place.filter)
  const terms: Term[] = []
  const channelSums = new Array<number>(count).fill(0)
  let running = 0
  forEachTap(of, place, (inputIndex, kernelIndex) => {
    const at = terms.length
    const filterChannel = Math.floor(at / (kernelHeight * kernelWidth))
    const kernelRow = Math.floor(at / kernelWidth) % kernelHeight
    const kernelColumn = at % kernelWidth
    const value = inputIndex < 0 ? 0 : (of.input[inputIndex] ?? 0)
    const weight = of.kernel[kernelIndex] ?? 0
    // A weight below zero in the padding gives -0, which would be written as −0.
    const product = value * weight + 0
    running += product
    channelSums[filterChannel] = (channelSums[filterChannel] ?? 0) + product
    terms.push({
      channel: first + filterChannel,
      filterChannel,
      kernelRow,
      kernelColumn,
      row: place.row * stride[0] - padding.top + kernelRow * dilation[0],
      column: place.column * stride[1] - padding.left + kernelColumn * dilation[1],
      inputIndex,
      kernelIndex,
      value,
      weight,
      product,
      running,
    })
  })
  const bias = of.bias?.[place.filter] ?? 0
  return { ...place, terms, channelSums, sum: running, bias, result: running + bias }
}

/** torch.nn.functional.conv2d: `[filters, height, width]`. */
export function convolve(of: ConvolutionCase): Float64Array {
  const output = new Float64Array(outputCount(of))
  for (let index = 0; index < output.length; index++) output[index] = valueAt(of, placeOf(of, index))
  return output
}

function valueAt(of: ConvolutionCase, place: OutputPlace): number {
  let sum = 0
  forEachTap(of, place, (input, kernel) => {
    if (input >= 0) sum += (of.input[input] ?? 0) * (of.kernel[kernel] ?? 0)
  })
  return sum + (of.bias?.[place.filter] ?? 0)
}
