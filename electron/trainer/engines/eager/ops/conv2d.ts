import { concat, engine, split, stridedSlice, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core'
import type { Conv2dOptions, Sides } from '../../../../../shared/ops/ops'
import type { Tape, Value } from '../tape'
import { spread } from './spread'

/**
 * Cross-correlation of NHWC pictures with HWIO kernels. tfjs has no groups and no gradient under dilation, so groups are
 * split and concatenated, and a dilated kernel becomes a larger one with zeros in between.
 */
export function conv2d(tape: Tape, x: Value, kernel: Value, options: Conv2dOptions): Value {
  const { groups, dilation } = options
  const pictures = split(x.tensor, groups, 3)
  const kernels = split(spread(spread(kernel.tensor, 0, dilation[0]), 1, dilation[1]), groups, 3)
  const attributes = windowAttributes(options)
  const parts = pictures.map((picture, group) => convolve(picture, itemAt(kernels, group), attributes))
  const y = joined(parts)

  return tape.record(y, [x, kernel], (dy) => {
    const gradients = split(dy, groups, 3)
    const dx = x.tracked
      ? gradients.map((g, i) => inputGradient(g, itemAt(kernels, i), itemAt(pictures, i).shape, attributes))
      : null
    const dKernel = kernel.tracked
      ? gradients.map((g, i) => kernelGradient(itemAt(pictures, i), g, itemAt(kernels, i).shape, attributes))
      : null
    return [dx && joined(dx), dKernel && gathered(joined(dKernel), dilation)]
  })
}

export function convolve(x: Tensor, filter: Tensor, attributes: NamedAttrMap): Tensor {
  return engine().runKernel('Conv2D', { x, filter }, { ...attributes, dilations: [1, 1] })
}

export function inputGradient(dy: Tensor, filter: Tensor, inputShape: number[], attributes: NamedAttrMap): Tensor {
  return engine().runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape })
}

export function kernelGradient(x: Tensor, dy: Tensor, filterShape: number[], attributes: NamedAttrMap): Tensor {
  return engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape })
}

export function windowAttributes({ stride, padding }: Conv2dOptions): NamedAttrMap {
  return { strides: [...stride], pad: explicitPadding(padding), dataFormat: 'NHWC', dimRoundingMode: 'floor' }
}

/** tfjs's form of numeric padding. */
export function explicitPadding({ top, bottom, left, right }: Sides): [number, number][] {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

/** The values between the zeros of a dilated kernel. */
export function gathered(kernel: Tensor, dilation: readonly [number, number]): Tensor {
  if (dilation[0] === 1 && dilation[1] === 1) return kernel
  return stridedSlice(kernel, [0, 0, 0, 0], kernel.shape, [...dilation, 1, 1])
}

export function joined(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? itemAt(parts, 0) : concat([...parts], 3)
}

export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`there is no group ${index}`)
  return item
}
