import { matMul as multiply, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Tape, Value } from '../tape'

/** `x [n, in] · w [in, out]`. */
export function matMul(tape: Tape, x: Value, w: Value): Value {
  const [left, right] = [x.tensor as Tensor2D, w.tensor as Tensor2D]
  return tape.record(multiply(left, right), [x, w], (dy) => [
    x.tracked ? multiply(dy as Tensor2D, right, false, true) : null,
    w.tracked ? multiply(left, dy as Tensor2D, true, false) : null,
  ])
}
