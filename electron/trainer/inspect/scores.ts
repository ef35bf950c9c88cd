import { convolutionOf, kernelSquares, windowSquares } from './convolutions'
import { requireConv2d, valuesOf, type Lens } from './lens'
import { weightOf } from './weights'

/** How strongly each channel answers at each place of each picture: `[count, height, width, channels]`. */
export type Scores = (pictures: Float32Array, count: number) => Float32Array

/** The layer's own output. */
export function activationScores({ probe }: Lens, layer: string): Scores {
  return (pictures, count) => valuesOf(probe.activations(pictures, count, [layer]), layer).values
}

/**
 * The cosine of the angle between each window and each kernel of a Conv2d. The lens's weights hold no bias for it, so that the
 * layer's output is the bare scalar product. Throws `invalid-input` for other layers.
 */
export function cosineScores(lens: Lens, id: string): Scores {
  const { layer, input, output } = requireConv2d(lens, id)
  const convolution = convolutionOf(layer)
  const places = output.height * output.width
  const inputSize = input.height * input.width * input.channels
  const perGroup = output.channels / convolution.options.groups
  const kernels = kernelSquares(convolution, weightOf(lens.weights, `${id}.weight`).values).map(reciprocalLength)
  return (pictures, count) => {
    const found = lens.probe.activations(pictures, count, [convolution.source, id])
    const entering = valuesOf(found, convolution.source).values
    const products = valuesOf(found, id).values
    const cosines = new Float32Array(products.length)
    let at = 0
    for (let picture = 0; picture < count; picture++) {
      const own = entering.subarray(picture * inputSize, (picture + 1) * inputSize)
      const windows = windowSquares(convolution, own, input, output).map(reciprocalLength)
      for (let place = 0; place < places; place++) {
        for (let channel = 0; channel < output.channels; channel++, at++) {
          const group = Math.floor(channel / perGroup)
          const cosine = products[at]! * windows[group * places + place]! * kernels[channel]!
          cosines[at] = Math.min(1, Math.max(-1, cosine))
        }
      }
    }
    return cosines
  }
}

/** 0 where all is zero, so that the cosine is 0 too. */
function reciprocalLength(square: number): number {
  return square === 0 ? 0 : 1 / Math.sqrt(square)
}
