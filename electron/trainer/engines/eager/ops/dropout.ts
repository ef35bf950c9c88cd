import { mul, tensor, type Tensor } from '@tensorflow/tfjs-core'
import type { DropoutOptions } from '../../../../../shared/ops/ops'
import { createRandom } from '../../../../../shared/training/random'
import type { Tape, Value } from '../tape'

/** Inverted dropout. `seed` and the layer's name tell this mask from those of all other steps and layers. */
export function dropout(tape: Tape, x: Value, options: DropoutOptions, seed: readonly [number, number]): Value {
  const mask = dropoutMask(x.tensor, options, [...seed, options.layer])
  return tape.record(mul(x.tensor, mask), [x], (dy) => [mul(dy, mask)])
}

function dropoutMask(like: Tensor, { rate, channels }: DropoutOptions, words: readonly (number | string)[]): Tensor {
  const random = createRandom(...words, 'dropout')
  const kept = 1 / (1 - rate)
  const shape = channels ? like.shape.map((size, axis) => (axis === 1 || axis === 2 ? 1 : size)) : like.shape
  const size = shape.reduce((product, length) => product * length, 1)
  const values = Float32Array.from({ length: size }, () => (random.uniform() < rate ? 0 : kept))
  return tensor(values, shape)
}
