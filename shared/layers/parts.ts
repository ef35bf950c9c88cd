import { asImage, formatShape, type ImageShape, type Shape } from '../network/shape'
import type { Sides } from '../ops/ops'
import { problem, type InferResult, type WeightSpec } from './define'
import { resolvePadding, slide, type Padding } from './params'

/** For layers that keep no weights, look through no window or multiply nothing. */
export const noWeights = (): readonly [] => []
export const noWindow = (): null => null
export const noMultiplyAdds = (): number => 0

export const oneInput = { min: 1, max: 1 } as const

export function firstInput(inputs: readonly Shape[]): Shape {
  const [first] = inputs
  if (!first) throw new RangeError('a layer kind was asked about no input')
  return first
}

/** Runs `next` with the image that enters, or explains that an image is needed. */
export function withImage(inputs: readonly Shape[], next: (image: ImageShape) => InferResult): InferResult {
  const shape = firstInput(inputs)
  const image = asImage(shape)
  if (image) return next(image)
  return problem('needs-image', `needs an image (height × width × channels), but ${formatShape(shape)} values enter`, {
    shape: formatShape(shape),
  })
}

/** The channels of an image, or the features of a flat input. */
export function lastSize(shape: Shape): number {
  return shape.at(-1) ?? 1
}

/** For layers that two or more values enter. `add` and `concatenate` take as many as one connects. */
export const severalInputs = { min: 2, max: 64 } as const

/** For layers that change each value by itself. */
export const sameShape = (_params: unknown, inputs: readonly Shape[]): InferResult => ({ shape: firstInput(inputs) })

/** `weight` and `bias` of a normalisation, from 1 and 0 on. `layout` and `shape` as in `WeightSpec`. */
export function affineWeights(
  layout: WeightSpec['layout'],
  shape: readonly number[],
  has: { scale: boolean; shift: boolean },
): WeightSpec[] {
  const weight = (name: string, value: number): WeightSpec => ({
    name,
    layout,
    shape,
    trainable: true,
    init: { type: 'constant', value },
  })
  return [...(has.scale ? [weight('weight', 1)] : []), ...(has.shift ? [weight('bias', 0)] : [])]
}

/** The problem of padding that lets a pooling window lie outside the picture, or of a window that does not fit. */
export function poolProblem(
  image: ImageShape,
  pool: { kernel: readonly [number, number]; padding: readonly [number, number] },
  size: { height: number; width: number },
): InferResult | null {
  const { kernel, padding } = pool
  if (padding[0] * 2 > kernel[0] || padding[1] * 2 > kernel[1]) {
    return problem('pool-padding', `padding ${padding.join(' × ')} is more than half the window`, {
      padding: padding.join(' × '),
      kernel: kernel.join(' × '),
    })
  }
  if (size.height >= 1 && size.width >= 1) return null
  const window = kernel.join(' × ')
  const picture = `${image.height} × ${image.width}`
  return problem('window-too-large', `the window of ${window} is larger than the picture of ${picture}`, {
    window,
    picture,
  })
}

/** The problem of a convolution whose groups do not divide its channels. */
export function groupsProblem(groups: number, entering: number, leaving: number): InferResult | null {
  for (const [name, channels] of [
    ['input', entering],
    ['output', leaving],
  ] as const) {
    if (channels % groups !== 0) {
      const message = `groups ${groups} must divide the ${channels} ${name} channels`
      return problem('groups-divide', message, { groups, channels })
    }
  }
  return null
}

/** The picture that a convolution leaves, or the problem of a kernel that does not fit. */
export function convolved(
  image: ImageShape,
  p: ConvolutionWindow & { readonly padding: Padding },
  channels: number,
): InferResult {
  if (p.padding === 'same' && (p.stride[0] !== 1 || p.stride[1] !== 1)) {
    return problem('same-needs-stride-1', 'padding "same" needs stride 1; set the padding in numbers instead')
  }
  return convolvedWithin(image, { ...p, padding: resolvePadding(p.padding, p.kernel_size, p.dilation) }, channels)
}

interface ConvolutionWindow {
  readonly kernel_size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
}

/** The same with the padding of each side in numbers. */
export function convolvedWithin(
  image: Pick<ImageShape, 'height' | 'width'>,
  p: ConvolutionWindow & { readonly padding: Sides },
  channels: number,
): InferResult {
  const { padding } = p
  const { height, width } = slide(image, { kernel: p.kernel_size, padding, stride: p.stride, dilation: p.dilation })
  if (height >= 1 && width >= 1) return { shape: [height, width, channels] }
  const kernel = `${p.dilation[0] * (p.kernel_size[0] - 1) + 1} × ${p.dilation[1] * (p.kernel_size[1] - 1) + 1}`
  const padded = `${image.height + padding.top + padding.bottom} × ${image.width + padding.left + padding.right}`
  const message = `the kernel spans ${kernel}, more than the padded picture of ${padded}`
  return problem('kernel-too-large', message, { kernel, padded })
}
