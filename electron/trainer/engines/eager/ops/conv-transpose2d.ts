import { pad, slice, split, type Tensor } from '@tensorflow/tfjs-core'
import type { ConvTranspose2dOptions } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'
import { convolve, explicitPadding, gathered, inputGradient, itemAt, joined, kernelGradient } from './conv2d'
import { spread } from './spread'

/**
 * A transposed convolution is a convolution's gradient of its input, so the kernels of `conv2d` serve, each in another's
 * place. They give the whole picture that the windows reach, from which the padding is cut. Kernels are HWOI.
 */
export function convTranspose2d(tape: Tape, x: Value, kernel: Value, options: ConvTranspose2dOptions): Value {
  const { stride, dilation, groups } = options
  const attributes = { strides: [...stride], pad: 'valid', dataFormat: 'NHWC', dimRoundingMode: 'floor' }
  const pictures = split(x.tensor, groups, 3)
  const kernels = split(spread(spread(kernel.tensor, 0, dilation[0]), 1, dilation[1]), groups, 3)
  const parts = pictures.map((picture, group) => {
    const own = itemAt(kernels, group)
    return inputGradient(picture, own, reachedShape(picture, own, stride), attributes)
  })
  const whole = joined(parts)

  return tape.record(cutOut(whole, options), [x, kernel], (dy) => {
    const gradients = split(putBack(dy, whole.shape, options), groups, 3)
    const dx = x.tracked ? gradients.map((g, i) => convolve(g, itemAt(kernels, i), attributes)) : null
    const dKernel = kernel.tracked
      ? gradients.map((g, i) => kernelGradient(g, itemAt(pictures, i), itemAt(kernels, i).shape, attributes))
      : null
    return [dx && joined(dx), dKernel && gathered(joined(dKernel), dilation)]
  })
}

/** All that the windows reach: `(size - 1) · stride + kernel` per axis. */
function reachedShape(x: Tensor, kernel: Tensor, stride: readonly [number, number]): number[] {
  const [n = 1, height = 1, width = 1] = x.shape
  const [rows = 1, columns = 1, channels = 1] = kernel.shape
  return [n, (height - 1) * stride[0] + rows, (width - 1) * stride[1] + columns, channels]
}

/** Without `padding` on both sides; where `outputPadding` looks beyond the windows there are zeros. */
function cutOut(whole: Tensor, { padding, outputPadding }: ConvTranspose2dOptions): Tensor {
  const [n = 1, height = 1, width = 1, channels = 1] = whole.shape
  const grown = pad(whole, explicitPadding({ top: 0, left: 0, bottom: outputPadding[0], right: outputPadding[1] }))
  const size = [height - 2 * padding[0] + outputPadding[0], width - 2 * padding[1] + outputPadding[1]]
  return slice(grown, [0, padding[0], padding[1], 0], [n, ...size, channels])
}

/** The reverse of `cutOut`, with zeros for what was cut. */
function putBack(dy: Tensor, shape: readonly number[], { padding: [down, across] }: ConvTranspose2dOptions): Tensor {
  const grown = pad(dy, explicitPadding({ top: down, bottom: down, left: across, right: across }))
  return slice(grown, [0, 0, 0, 0], [...shape])
}
