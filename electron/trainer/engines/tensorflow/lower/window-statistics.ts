import type { Conv2dOptions } from '../../../../../shared/ops/ops'
import type { GraphBuilder, Out } from '../graph/graph'
import { add, divide, matMul, maximum, mean, multiply, reshape, slice, subtract } from '../graph/math'
import { plainConvolution } from './conv2d'
import { padImage } from './image-window'

/** Over all windows of a batch, k values each, ordered row, column, channel as a kernel's rows are. */
export interface WindowStatistics {
  /** `[k]` */
  readonly mean: Out
  /** `[k, k]`, divided by the number of windows */
  readonly covariance: Out
  /** Number of windows n as n / (n - 1); 1 for a single window. */
  readonly unbiasing: Out
}

/**
 * Mean and covariance of the windows that a convolution sees. The windows are taken by convolving with the identity, the
 * fastest way there is, with a column of ones beside them, so that one matrix product gives squares, sums and count.
 */
export function windowStatistics(
  graph: GraphBuilder,
  x: Out,
  kernelDims: readonly number[],
  options: Conv2dOptions,
): WindowStatistics {
  const [kh = 1, kw = 1, channels = 1] = kernelDims
  const k = kh * kw * channels
  const whole = padImage(graph, x, options.padding).out
  // Around the pixels' mean, so that little is lost when squares and squared means are subtracted.
  const centre = mean(graph, whole, [0, 1, 2])
  const centred = subtract(graph, whole, centre)
  const width = Math.ceil((k + 1) / 16) * 16
  const unpadded = { ...options, padding: { top: 0, bottom: 0, left: 0, right: 0 } }
  const windows = plainConvolution(graph, centred, identityKernel(graph, kh, kw, channels, width), unpadded)
  const one = graph.constant(
    'float32',
    [width],
    Array.from({ length: width }, (_, column) => (column === k ? 1 : 0)),
  )
  const marked = graph.add('BiasAdd', [windows, one], { T: { type: 'float32' } }, { dims: windows.dims })
  const rows = reshape(graph, marked, [-1, width])
  const products = matMul(graph, rows, rows, { a: true })
  const count = reshape(graph, slice(graph, products, [k, k], [1, 1]), [])
  const offset = divide(graph, reshape(graph, slice(graph, products, [k, 0], [1, k]), [k]), count)
  const squares = divide(graph, slice(graph, products, [0, 0], [k, k]), count)
  const outer = multiply(graph, reshape(graph, offset, [k, 1]), reshape(graph, offset, [1, k]))
  const perTap = reshape(graph, add(graph, reshape(graph, offset, [kh * kw, channels]), centre), [k])
  return {
    mean: perTap,
    covariance: subtract(graph, squares, outer),
    unbiasing: divide(graph, count, maximum(graph, subtract(graph, count, graph.scalar(1)), graph.scalar(1))),
  }
}

/** `[kh, kw, channels, width]` that copies value number i of a window to channel i; zeros in the rest. */
function identityKernel(graph: GraphBuilder, kh: number, kw: number, channels: number, width: number): Out {
  const k = kh * kw * channels
  const values = Array<number>(k * width).fill(0)
  for (let i = 0; i < k; i++) values[i * width + i] = 1
  return graph.constant('float32', [kh, kw, channels, width], values)
}
