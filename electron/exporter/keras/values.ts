import type { NamedTensor } from '../../../shared/formats/tensors'
import { asImage, type ImageShape, type Shape } from '../../../shared/network/shape'
import type { Sides } from '../../../shared/ops/ops'
import type { KerasValue, KerasWeight } from './graph'

/** A weight's values are in the engines' layout: HWIO, `[in, out]`, HWC, which are Keras'. */
export interface KerasHandle extends KerasValue {
  readonly tensor: NamedTensor
}

export type Value = KerasValue | KerasHandle
export type Pair = readonly [number, number]

export const none: Sides = { top: 0, bottom: 0, left: 0, right: 0 }
export const sides = ['top', 'bottom', 'left', 'right'] as const

export function isNone(given: Sides): boolean {
  return sides.every((side) => given[side] === 0)
}

export function sidesOf({ top, bottom, left, right }: Sides): readonly (readonly number[])[] {
  return [
    [top, bottom],
    [left, right],
  ]
}

/** Where there is one channel or one place, both orders are the same. */
export function isOrdered(shape: Shape): boolean {
  const image = asImage(shape)
  return !image || image.channels === 1 || image.height * image.width === 1
}

export function weight(name: string, value: Value | null): KerasWeight | null {
  return value && { name, tensor: tensorOf(value) }
}

export function tensorOf(value: Value): NamedTensor {
  if ('tensor' in value) return value.tensor
  throw new RangeError(`${value.name} is no weight`)
}

export function imageOf(value: Value): ImageShape {
  const image = asImage(value.shape)
  if (!image) throw new RangeError('an image was expected')
  return image
}
