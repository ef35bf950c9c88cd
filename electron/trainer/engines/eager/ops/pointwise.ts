import { mul, relu as rectified, reshape, step, tensor, transpose, type Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../../../../shared/training/random'
import type { Tape, Value } from '../tape'

export function relu(tape: Tape, x: Value): Value {
  const y = rectified(x.tensor)
  return tape.record(y, [x], (dy) => [mul(dy, step(y))])
}

/** To `[n, channels · height · width]`: channel first, as PyTorch has it. */
export function flatten(tape: Tape, x: Value): Value {
  const [n = 1, height = 1, width = 1, channels = 1] = x.tensor.shape
  if (x.tensor.rank !== 4) return x
  const y = reshape(transpose(x.tensor, [0, 3, 1, 2]), [n, channels * height * width])
  return tape.record(y, [x], (dy) => [transpose(reshape(dy, [n, channels, height, width]), [0, 2, 3, 1])])
}

/** Inverted dropout. `words` tell this mask from those of all other steps and layers. */
export function dropout(tape: Tape, x: Value, rate: number, words: readonly (number | string)[]): Value {
  const mask = dropoutMask(x.tensor, rate, words)
  return tape.record(mul(x.tensor, mask), [x], (dy) => [mul(dy, mask)])
}

function dropoutMask(like: Tensor, rate: number, words: readonly (number | string)[]): Tensor {
  const random = createRandom(...words, 'dropout')
  const kept = 1 / (1 - rate)
  const values = Float32Array.from({ length: like.size }, () => (random.uniform() < rate ? 0 : kept))
  return tensor(values, like.shape)
}
