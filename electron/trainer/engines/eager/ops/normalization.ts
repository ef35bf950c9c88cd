import { add, mul, reshape, rsqrt, square, sub, sum, transpose, type Tensor } from '@tensorflow/tfjs-core'
import type { AffineWeights } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'

/** How values lie when each row is normalised by itself, and the way back. */
interface Rows {
  toRows(x: Tensor): Tensor
  fromRows(rows: Tensor): Tensor
}

/** Over all values of an example. Ba, Kiros and Hinton 2016. */
export function layerNorm(tape: Tape, x: Value, weights: AffineWeights<Value>, { eps }: { eps: number }): Value {
  const shape = x.tensor.shape
  const rows: Rows = {
    toRows: (tensor) => reshape(tensor, [shape[0] ?? 1, -1]),
    fromRows: (tensor) => reshape(tensor, shape),
  }
  return normalise(tape, x, weights, eps, rows)
}

/** Over height, width and a run of `channels / groups` channels. Wu and He 2018. */
export function groupNorm(
  tape: Tape,
  x: Value,
  weights: AffineWeights<Value>,
  { groups, eps }: { groups: number; eps: number },
): Value {
  const [n = 1, height = 1, width = 1, channels = 1] = x.tensor.shape
  const [places, run] = [height * width, channels / groups]
  const rows: Rows = {
    toRows(tensor) {
      const byGroup = transpose(reshape(tensor, [n, places, groups, run]), [0, 2, 1, 3])
      return reshape(byGroup, [n * groups, places * run])
    },
    fromRows(tensor) {
      const byGroup = reshape(tensor, [n, groups, places, run])
      return reshape(transpose(byGroup, [0, 2, 1, 3]), x.tensor.shape)
    },
  }
  return normalise(tape, x, weights, eps, rows)
}

/** Each row to mean 0 and (biased) variance 1, then `scale` and `shift`, which repeat over what they do not span. */
function normalise(tape: Tape, x: Value, { scale, shift }: AffineWeights<Value>, eps: number, rows: Rows): Value {
  const values = rows.toRows(x.tensor)
  const centred = sub(values, rowMeans(values))
  const inverse = rsqrt(add(rowMeans(square(centred)), eps))
  const normal = mul(centred, inverse)
  const laid = rows.fromRows(normal)
  const scaled = scale ? mul(laid, scale.tensor) : laid
  const y = shift ? add(scaled, shift.tensor) : scaled

  const inputs = [x, scale, shift].filter((input) => input !== null)
  return tape.record(y, inputs, (dy) => {
    const gradients: (Tensor | null)[] = [null]
    if (x.tracked) {
      const dNormal = rows.toRows(scale ? mul(dy, scale.tensor) : dy)
      const along = mul(normal, rowMeans(mul(dNormal, normal)))
      gradients[0] = rows.fromRows(mul(sub(sub(dNormal, rowMeans(dNormal)), along), inverse))
    }
    if (scale) gradients.push(summedLike(mul(dy, laid), scale.tensor))
    if (shift) gradients.push(summedLike(dy, shift.tensor))
    return gradients
  })
}

/** `[rows, columns]` to `[rows, 1]`. */
function rowMeans(rows: Tensor): Tensor {
  return mul(sum(rows, 1, true), 1 / (rows.shape[1] ?? 1))
}

function summedLike(x: Tensor, like: Tensor): Tensor {
  return reshape(sum(reshape(x, [-1, like.size]), 0), like.shape)
}
