import { asImage, formatShape, type ImageShape, type Shape } from '../network/shape'
import { problem, type InferResult } from './define'

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
