import type { ConvolutionCase } from '../../../shared/convolution/case'
import { heatPixels } from './heat'
import { rangeOf } from './sheet'

/** The input as a picture: the mean of its channels from the lowest to the highest, in the colours of `table`. */
export function inputPixels(of: ConvolutionCase, table: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const [channels, height, width] = of.inputShape
  const plane = height * width
  const means = Float64Array.from({ length: plane }, (_, pixel) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += of.input[channel * plane + pixel] ?? 0
    return sum / channels
  })
  return heatPixels(means, { type: 'range', ...rangeOf(means) }, table)
}
