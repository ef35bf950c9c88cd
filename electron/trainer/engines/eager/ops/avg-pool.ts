import { engine, mul, ones, pad, slice, tensor, type Tensor } from '@tensorflow/tfjs-core'
import { averageDivisors } from '../../../../../shared/ops/axis-maps'
import type { AvgPoolOptions } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'
import { explicitPadding } from './conv2d'

/**
 * tfjs divides by all places of a window that lies within the picture, so the picture is padded with zeros and the outputs
 * whose window should count fewer places are made larger by a table.
 */
export function avgPool(tape: Tape, x: Value, options: AvgPoolOptions): Value {
  const { kernel, stride, padding, excess } = options
  const sides = { ...padding, bottom: padding.bottom + excess[0], right: padding.right + excess[1] }
  const padded = pad(x.tensor, explicitPadding(sides))
  const attributes = { filterSize: [...kernel], strides: [...stride], pad: 'valid', dimRoundingMode: 'floor' }
  const means = engine().runKernel<Tensor>('AvgPool', { x: padded }, attributes)
  const table = corrections(x.tensor.shape, options)
  return tape.record(table ? mul(means, table) : means, [x], (dy) => {
    const weighted = table ? mul(dy, table) : dy
    const back = engine().runKernel<Tensor>('AvgPoolGrad', { dy: weighted, input: padded }, attributes)
    return [slice(back, [0, padding.top, padding.left, 0], x.tensor.shape)]
  })
}

/** `[rows, columns, channels]`, or null where every window counts all of its places. */
function corrections(shape: readonly number[], options: AvgPoolOptions): Tensor | null {
  const [, height = 1, width = 1, channels = 1] = shape
  const rows = averageDivisors(height, 0, options)
  const columns = averageDivisors(width, 1, options)
  const area = options.kernel[0] * options.kernel[1]
  const factors = rows.flatMap((row) => columns.map((column) => area / (row * column)))
  if (factors.every((factor) => factor === 1)) return null
  return mul(ones([rows.length, columns.length, channels]), tensor(factors, [rows.length, columns.length, 1]))
}
