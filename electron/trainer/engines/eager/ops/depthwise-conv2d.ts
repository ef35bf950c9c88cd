import { engine, reshape, type Tensor } from '@tensorflow/tfjs-core'
import type { Conv2dOptions } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'
import { gathered, windowAttributes } from './conv2d'
import { spread } from './spread'

/** Whether every input channel is a group of its own, for which tfjs has kernels. */
export function isDepthwise(x: Value, { groups }: Conv2dOptions): boolean {
  return groups > 1 && groups === x.tensor.shape[3]
}

/** As `conv2d`, for a convolution that is depthwise. */
export function depthwiseConv2d(tape: Tape, x: Value, kernel: Value, options: Conv2dOptions): Value {
  const { groups, dilation } = options
  const whole = spread(spread(kernel.tensor, 0, dilation[0]), 1, dilation[1])
  const [rows = 1, columns = 1, , channels = 1] = whole.shape
  const filter = reshape(whole, [rows, columns, groups, channels / groups])
  const attributes = { ...windowAttributes(options), dilations: [1, 1] }
  const y = engine().runKernel<Tensor>('DepthwiseConv2dNative', { x: x.tensor, filter }, attributes)

  return tape.record(y, [x, kernel], (dy) => {
    const [inputShape, filterShape] = [x.tensor.shape, filter.shape]
    const dx = x.tracked
      ? engine().runKernel<Tensor>('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attributes, inputShape })
      : null
    if (!kernel.tracked) return [dx, null]
    const dFilter = engine().runKernel<Tensor>(
      'DepthwiseConv2dNativeBackpropFilter',
      { x: x.tensor, dy },
      { ...attributes, filterShape },
    )
    return [dx, gathered(reshape(dFilter, whole.shape), dilation)]
  })
}
