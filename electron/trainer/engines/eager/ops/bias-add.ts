import { add, reshape, sum } from '@tensorflow/tfjs-core'
import type { Tape, Value } from '../tape'

/** Adds a value per channel (the last axis). */
export function biasAdd(tape: Tape, x: Value, bias: Value): Value {
  const y = tape.record(add(x.tensor, bias.tensor), [x, bias], (dy) => [
    x.tracked ? dy : null,
    bias.tracked ? sum(reshape(dy, [-1, bias.tensor.size]), 0) : null,
  ])
  return Object.assign(y, { sum: { x, bias } })
}
