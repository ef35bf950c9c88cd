import type { ConvolutionAnswer } from '../../../../shared/inspect/answers'
import type { QueryOf } from '../../../../shared/inspect/queries'
import { elementCount } from '../../../../shared/network/shape'
import { channelsOf } from '../channels'
import { convolutionOf } from '../convolutions'
import { choosePicture, requireConv2d, valuesOf, type Lens } from '../lens'
import { weightOf } from '../weights'

/** All that a Conv2d sees, holds and gives, channel first. */
export function convolution(lens: Lens, { picture, layer: id }: QueryOf<'convolution'>): ConvolutionAnswer {
  const { layer, input, output } = requireConv2d(lens, id)
  const { source, options, kernelShape, hasBias } = convolutionOf(layer)
  const found = lens.probe.activations(choosePicture(lens, picture).values, 1, [source, id])
  const kernel = weightOf(lens.weights, `${id}.weight`).values.slice()
  if (kernel.length !== elementCount(kernelShape)) throw new RangeError(`the kernels of ${id} do not fill their shape`)
  return {
    layer: id,
    inputShape: [input.channels, input.height, input.width],
    input: channelsOf(valuesOf(found, source).values, input, 0, input.channels),
    kernelShape,
    kernel,
    bias: hasBias ? weightOf(lens.weights, `${id}.bias`).values.slice() : null,
    options,
    outputShape: [output.channels, output.height, output.width],
    output: channelsOf(valuesOf(found, id).values, output, 0, output.channels),
  }
}
