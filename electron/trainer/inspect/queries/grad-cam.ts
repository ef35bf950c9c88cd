import { AppError } from '../../../../shared/errors'
import { defaultGradCamLayer } from '../../../../shared/inspect/grad-cam-layers'
import { asImage } from '../../../../shared/network/shape'
import { logitGradient } from '../logit-gradient'
import { choosePicture, requireLayer, valuesOf, type Lens } from '../lens'
import type { Attribution, AttributionQuery } from './attribution'

/**
 * The layer's maps, each weighed by the mean of the logit's gradient over it, and of their sum what is above 0. Selvaraju et
 * al. 2017. Throws `invalid-input` for a layer without height and width.
 */
export function gradCam(lens: Lens, query: AttributionQuery): Attribution {
  const layer = query.layer === null ? defaultGradCamLayer(lens.network.layers) : requireLayer(lens, query.layer)
  const id = layer?.node.id
  const image = layer && asImage(layer.shape)
  if (id === undefined || !image) {
    const what =
      id === undefined ? 'The network has no layer with height and width' : `The layer "${id}" has no height and width`
    throw new AppError('invalid-input', `${what}, so Grad-CAM has no maps to weigh.`, {
      fix: 'Choose a convolution, or a layer soon after one.',
      params: { layer: id ?? '' },
    })
  }
  const { values } = choosePicture(lens, query.picture)
  const maps = valuesOf(lens.probe.activations(values, 1, [id]), id).values
  const gradient = logitGradient(lens, values, 1, query.class, id)
  const { height, width, channels } = image
  const places = height * width
  const weights = new Float64Array(channels)
  for (let at = 0; at < gradient.length; at++) weights[at % channels]! += gradient[at]! / places
  const found = Float32Array.from({ length: places }, (_, place) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += weights[channel]! * maps[place * channels + channel]!
    return Math.max(0, sum)
  })
  return { height, width, values: found, layer: id, baselineLogit: null }
}
