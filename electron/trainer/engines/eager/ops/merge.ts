import { add, concat, mul, reshape, slice, sum, type Tensor } from '@tensorflow/tfjs-core'
import type { Tape, Value } from '../tape'

/** The sum of values of one shape. */
export function addAll(tape: Tape, terms: readonly [Value, ...Value[]]): Value {
  const [first, ...others] = terms.map((term) => term.tensor)
  const total = others.reduce((sumSoFar, term) => add(sumSoFar, term), first ?? terms[0].tensor)
  return tape.record(total, terms, (dy) => terms.map((term) => (term.tracked ? dy : null)))
}

/** One behind the other along the last axis. */
export function concatenate(tape: Tape, parts: readonly [Value, ...Value[]]): Value {
  const joined = concat(
    parts.map((part) => part.tensor),
    parts[0].tensor.rank - 1,
  )
  return tape.record(joined, parts, (dy) => {
    let end = 0
    return parts.map(({ tensor, tracked }) => {
      const start = end
      end += tensor.shape.at(-1) ?? 0
      const begin = tensor.shape.map((_, axis) => (axis === tensor.rank - 1 ? start : 0))
      return tracked ? slice(dy, begin, tensor.shape) : null
    })
  })
}

/** Value by value; one side may be a factor per channel of the other side's image. */
export function multiply(tape: Tape, a: Value, b: Value): Value {
  const picture = isLarger(b.tensor, a.tensor) ? b : a
  const other = picture === a ? b : a
  const factor = asFactor(other.tensor, picture.tensor)
  return tape.record(mul(picture.tensor, factor), [picture, other], (dy) => {
    const dPicture = picture.tracked ? mul(dy, factor) : null
    if (!other.tracked) return [dPicture, null]
    const dFactor = mul(dy, picture.tensor)
    if (factor.size === dFactor.size) return [dPicture, reshape(dFactor, other.tensor.shape)]
    return [dPicture, reshape(sum(dFactor, [1, 2]), other.tensor.shape)]
  })
}

/** An image of a single place is as large as its flat factor, but the product has the image's shape. */
function isLarger(x: Tensor, than: Tensor): boolean {
  return x.size > than.size || (x.size === than.size && x.rank > than.rank)
}

/** `[n, channels]` as `[n, 1, 1, channels]` beside an image. */
function asFactor(x: Tensor, picture: Tensor): Tensor {
  if (x.rank === picture.rank) return x
  const [n = 1, channels = 1] = x.shape
  return reshape(x, [n, 1, 1, channels])
}
