import type { NamedTensor } from '../formats/tensors'
import { numbers, one, padding, pairOf, type OnnxOp } from './onnx-op'

export const conv: OnnxOp = (place) => {
  const [weight, bias, pads] = [place.constant(1), flat(place.constant(2)), padding(place)]
  if (weight?.shape.length !== 4 || !pads) return null
  const params = {
    out_channels: weight.shape[0],
    kernel_size: weight.shape.slice(2),
    stride: numbers(place, 'strides', [1, 1]),
    padding: pads.padding,
    dilation: numbers(place, 'dilations', [1, 1]),
    groups: one(place, 'group', 1),
    bias: bias !== undefined,
  }
  return [...pads.before, { kind: 'conv2d', params, weights: { weight, bias } }]
}

export const convTranspose: OnnxOp = (place) => {
  const [weight, bias] = [place.constant(1), flat(place.constant(2))]
  const auto = place.node.attributes.get('auto_pad')?.text ?? 'NOTSET'
  if (weight?.shape.length !== 4 || auto !== 'NOTSET' || place.node.attributes.has('output_shape')) return null
  const [top = 0, left = 0, bottom = 0, right = 0] = numbers(place, 'pads', [])
  const [down, across] = pairOf(place, 'output_padding', 0)
  // Cut off less below and to the right: more is put out there.
  const outputPadding = [down + top - bottom, across + left - right]
  if (outputPadding.some((more) => more < 0)) return null
  const groups = one(place, 'group', 1)
  const params = {
    out_channels: (weight.shape[1] ?? 0) * groups,
    kernel_size: weight.shape.slice(2),
    stride: numbers(place, 'strides', [1, 1]),
    padding: [top, left],
    output_padding: outputPadding,
    dilation: numbers(place, 'dilations', [1, 1]),
    groups,
    bias: bias !== undefined,
  }
  return [{ kind: 'conv_transpose2d', params, weights: { weight, bias } }]
}

/** One term for each channel, which an Add behind the convolution had as `[channels, 1, 1]`. */
function flat(bias: NamedTensor | undefined): NamedTensor | undefined {
  return bias && { shape: [bias.values.length], values: bias.values }
}
