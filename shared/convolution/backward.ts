import { forEachTap, outputCount, placeOf, type ConvolutionCase, type OutputPlace } from './case'

/** What a loss's gradient by the output becomes behind the convolution, in the shapes of the case's tensors. */
export interface ConvolutionGradients {
  readonly input: Float64Array
  readonly kernel: Float64Array
  /** Also where the layer has no bias: what it would be. */
  readonly bias: Float64Array
}

/**
 * The backward step. `outputGradient` is the loss's gradient by each output, `[filters, height, width]`; only the outputs
 * from `first` to before `end` pass theirs on.
 */
export function backward(
  of: ConvolutionCase,
  outputGradient: Float64Array,
  first = 0,
  end: number = outputCount(of),
): ConvolutionGradients {
  const input = new Float64Array(of.input.length)
  const kernel = new Float64Array(of.kernel.length)
  const bias = new Float64Array(of.kernelShape[0])
  for (let index = first; index < end; index++) {
    const place = placeOf(of, index)
    const gradient = outputGradient[index] ?? 0
    bias[place.filter] = (bias[place.filter] ?? 0) + gradient
    forEachTap(of, place, (at, weight) => {
      if (at < 0) return
      kernel[weight] = (kernel[weight] ?? 0) + gradient * (of.input[at] ?? 0)
      input[at] = (input[at] ?? 0) + gradient * (of.kernel[weight] ?? 0)
    })
  }
  return { input, kernel, bias }
}

/** One summand of a gradient: the output whose gradient it carries, times a weight (for dX) or an input value (for dW). */
export interface Contribution extends OutputPlace {
  readonly gradient: number
  readonly factor: number
  /** Positions in `input` and `kernel` of the values that met. */
  readonly inputIndex: number
  readonly kernelIndex: number
}

/** What adds up to the gradient by one input value or one weight, over the outputs from `first` to before `end`. */
export function contributions(
  of: ConvolutionCase,
  outputGradient: Float64Array,
  by: { readonly tensor: 'input' | 'kernel'; readonly index: number },
  first = 0,
  end: number = outputCount(of),
): Contribution[] {
  const found: Contribution[] = []
  for (let index = first; index < end; index++) {
    const place = placeOf(of, index)
    forEachTap(of, place, (inputIndex, kernelIndex) => {
      const isMeant = by.tensor === 'input' ? inputIndex === by.index : kernelIndex === by.index
      if (!isMeant || inputIndex < 0) return
      const factor = by.tensor === 'input' ? of.kernel[kernelIndex] : of.input[inputIndex]
      const gradient = outputGradient[index] ?? 0
      found.push({ ...place, gradient, factor: factor ?? 0, inputIndex, kernelIndex })
    })
  }
  return found
}
