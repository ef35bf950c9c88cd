import { pad, reshape as relaid, slice, transpose, type Tensor } from '@tensorflow/tfjs-core'
import type { Shape } from '../../../../../shared/network/shape'
import type { Sides } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'
import { explicitPadding } from './conv2d'

/** To `[n, channels · height · width]`: channel first, as PyTorch has it. */
export function flatten(tape: Tape, x: Value): Value {
  if (x.tensor.rank !== 4) return x
  const [, ...sizes] = x.tensor.shape
  return reshape(tape, x, [sizes.reduce((product, size) => product * size, 1)])
}

/** To `[n, ...shape]`, with the values in PyTorch's order on both sides. */
export function reshape(tape: Tape, x: Value, shape: Shape): Value {
  const [, ...before] = x.tensor.shape
  const y = fromChannelsFirst(channelsFirst(x.tensor), shape)
  return tape.record(y, [x], (dy) => [fromChannelsFirst(channelsFirst(dy), before)])
}

function channelsFirst(x: Tensor): Tensor {
  return x.rank === 4 ? transpose(x, [0, 3, 1, 2]) : x
}

function fromChannelsFirst(x: Tensor, shape: Shape): Tensor {
  const [n = 1] = x.shape
  const [height, width, channels] = shape
  if (height === undefined || width === undefined || channels === undefined) return relaid(x, [n, ...shape])
  return transpose(relaid(x, [n, channels, height, width]), [0, 2, 3, 1])
}

/** Zeros around the image. */
export function zeroPad(tape: Tape, x: Value, sides: Sides): Value {
  const { top, left } = sides
  return tape.record(pad(x.tensor, explicitPadding(sides)), [x], (dy) => [slice(dy, [0, top, left, 0], x.tensor.shape)])
}
