import { decimal, one, type OnnxOp } from './onnx-op'

export const batchNorm: OnnxOp = (place) => {
  const [weight, bias, mean, variance] = [1, 2, 3, 4].map((index) => place.constant(index))
  if (!weight || !bias || !mean || !variance) return null
  const momentum = Number((1 - one(place, 'momentum', 0.9)).toPrecision(6))
  const params = { eps: decimal(place, 'epsilon', 1e-5), momentum }
  return [{ kind: 'batch_norm2d', params, weights: { weight, bias, running_mean: mean, running_var: variance } }]
}

export const layerNorm: OnnxOp = (place) => {
  const [weight, bias] = [place.constant(1), place.constant(2)]
  const rank = (place.shape?.length ?? 3) + 1
  const axis = one(place, 'axis', -1)
  if (!weight || (axis < 0 ? axis + rank : axis) !== 1) return null
  return [
    {
      kind: 'layer_norm',
      params: { eps: decimal(place, 'epsilon', 1e-5), bias: bias !== undefined },
      weights: { weight, bias },
    },
  ]
}

/** Of opset 21 on, with a factor for each channel; before it was one for each group. */
export const groupNorm: OnnxOp = (place) => {
  const [weight, bias] = [place.constant(1), place.constant(2)]
  if (!weight || !bias || weight.values.length !== place.shape?.at(-1)) return null
  const params = { num_groups: one(place, 'num_groups', 1), eps: decimal(place, 'epsilon', 1e-5) }
  return [{ kind: 'group_norm', params, weights: { weight, bias } }]
}
