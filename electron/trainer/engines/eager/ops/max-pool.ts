import {
  add,
  cast,
  engine,
  equal,
  maximum,
  mul,
  onesLike,
  pad,
  slice,
  stridedSlice,
  sub,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { PoolOptions } from '../../../../../shared/ops/ops'
import { windowedSize } from '../../../../../shared/layers/params'
import type { Tape, Value } from '../tape'
import { explicitPadding } from './conv2d'
import { spread } from './spread'

/** The largest value of each window; the gradient goes to the first of equal ones, as in PyTorch. */
export function maxPool(tape: Tape, x: Value, options: PoolOptions): Value {
  if (options.dilation[0] !== 1 || options.dilation[1] !== 1) return dilatedMaxPool(tape, x, options)
  const attributes = {
    filterSize: [...options.kernel],
    strides: [...options.stride],
    pad: explicitPadding(options.padding),
    dimRoundingMode: 'floor',
  }
  const y: Tensor = engine().runKernel('MaxPool', { x: x.tensor }, attributes)
  return tape.record(y, [x], (dy) => [
    engine().runKernel<Tensor>('MaxPoolGrad', { dy, input: x.tensor, output: y }, attributes),
  ])
}

/** tfjs cannot dilate: the maximum over one strided view of the padded picture per place in the window. */
function dilatedMaxPool(tape: Tape, x: Value, { kernel, stride, padding, dilation }: PoolOptions): Value {
  const padded = pad(x.tensor, explicitPadding(padding), -Infinity)
  const [n = 1, height = 1, width = 1, channels = 1] = padded.shape
  const rows = windowedSize(height, kernel[0], stride[0], 0, dilation[0])
  const columns = windowedSize(width, kernel[1], stride[1], 0, dilation[1])
  const places = windowPlaces(kernel, dilation)
  const views = places.map(([top, left]) => {
    const end = [n, top + (rows - 1) * stride[0] + 1, left + (columns - 1) * stride[1] + 1, channels]
    return stridedSlice(padded, [0, top, left, 0], end, [1, stride[0], stride[1], 1])
  })
  const y = views.reduce((largest, view) => maximum(largest, view))

  return tape.record(y, [x], (dy) => {
    let free: Tensor = onesLike(dy)
    let total: Tensor = zeros(padded.shape)
    for (const [index, view] of views.entries()) {
      const wins = mul(cast(equal(view, y), 'float32'), free)
      free = sub(free, wins)
      const part = spread(spread(mul(dy, wins), 1, stride[0]), 2, stride[1])
      total = add(total, placed(part, places[index] ?? [0, 0], padded.shape))
    }
    return [slice(total, [0, padding.top, padding.left, 0], x.tensor.shape)]
  })
}

/** Offsets of a window's places, row by row. */
function windowPlaces(kernel: readonly [number, number], dilation: readonly [number, number]): [number, number][] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, place) => [
    Math.floor(place / kernel[1]) * dilation[0],
    (place % kernel[1]) * dilation[1],
  ])
}

/** `part` at a place of a picture of zeros. */
function placed(part: Tensor, [top, left]: readonly [number, number], shape: readonly number[]): Tensor {
  const bottom = (shape[1] ?? 0) - top - (part.shape[1] ?? 0)
  const right = (shape[2] ?? 0) - left - (part.shape[2] ?? 0)
  return pad(part, explicitPadding({ top, bottom, left, right }))
}
