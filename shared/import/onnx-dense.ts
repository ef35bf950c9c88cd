import type { NamedTensor } from '../formats/tensors'
import { one, type OnnxOp } from './onnx-op'

export const gemm: OnnxOp = (place) => {
  const [matrix, bias] = [place.constant(1), place.constant(2)]
  if (matrix?.shape.length !== 2 || one(place, 'alpha', 1) !== 1 || one(place, 'beta', 1) !== 1) return null
  if (one(place, 'transA', 0) !== 0) return null
  const weight = one(place, 'transB', 0) === 1 ? matrix : transposed(matrix)
  return [
    { kind: 'linear', params: { out_features: weight.shape[0], bias: bias !== undefined }, weights: { weight, bias } },
  ]
}

/** Its third input is a bias that an Add behind it gave. */
export const matMul: OnnxOp = (place) => {
  const [matrix, bias] = [place.constant(1), place.constant(2)]
  // Of pictures it mixes columns, which no layer here does.
  const [height = 1, width = 1, channels] = place.shape ?? []
  if (matrix?.shape.length !== 2 || (channels !== undefined && height * width > 1)) return null
  const weight = transposed(matrix)
  return [
    { kind: 'linear', params: { out_features: weight.shape[0], bias: bias !== undefined }, weights: { weight, bias } },
  ]
}

function transposed({ shape: [rows = 0, columns = 0], values }: NamedTensor): NamedTensor {
  const turned = Float32Array.from(
    { length: values.length },
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )
  return { shape: [columns, rows], values: turned }
}
