import { cosineOf } from '../../../../shared/convolution/matching'
import type { MatchingAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { channelsOf } from '../channels'
import { convolutionOf, kernelSquares, windowProducts, windowSquares } from '../convolutions'
import { choosePicture, requireChannel, requireConv2d, valuesOf, type Lens } from '../lens'
import { weightOf } from '../weights'

/** How alike each window and one kernel are, and what the layer makes of it. */
export function matching(lens: Lens, { picture, layer: id, channel }: QueryOf<'matching'>): MatchingAnswer {
  const { layer, input, output } = requireConv2d(lens, id)
  requireChannel(layer, channel)
  const convolution = convolutionOf(layer)
  const found = lens.probe.activations(choosePicture(lens, picture).values, 1, [convolution.source, id])
  const { values } = valuesOf(found, convolution.source)
  const kernel = weightOf(lens.weights, `${id}.weight`).values
  const places = output.height * output.width
  const group = Math.floor(channel / (output.channels / convolution.options.groups))
  const squares = windowSquares(convolution, values, input, output).subarray(group * places, (group + 1) * places)
  const products = windowProducts(convolution, values, input, output, kernel, channel)
  const kernelSquare = kernelSquares(convolution, kernel)[channel] ?? 0
  return {
    height: output.height,
    width: output.width,
    cosine: Float32Array.from(products, (product, at) => cosineOf(product, squares[at] ?? 0, kernelSquare)),
    response: channelsOf(valuesOf(found, id).values, output, channel, 1),
  }
}
