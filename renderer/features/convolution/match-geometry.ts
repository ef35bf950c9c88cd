import { outputShape, type ConvolutionCase } from '../../../shared/convolution/case'
import type { ReceptiveField } from '../../../shared/network/receptive-field'

/** Where the outputs' windows lie on a picture, in its pixels, `[vertical, horizontal]`. */
export interface MatchGeometry {
  readonly picture: readonly [height: number, width: number]
  /** Size of a window, and the pixels from one to the next. */
  readonly size: readonly [number, number]
  readonly jump: readonly [number, number]
  /** Where the first window begins; negative in the padding. */
  readonly offset: readonly [number, number]
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Over the convolution's own input. */
export function ownGeometry(of: ConvolutionCase): MatchGeometry {
  const [, height, width] = of.inputShape
  const [, , kernelHeight, kernelWidth] = of.kernelShape
  const { stride, padding, dilation } = of.options
  return {
    picture: [height, width],
    size: [dilation[0] * (kernelHeight - 1) + 1, dilation[1] * (kernelWidth - 1) + 1],
    jump: stride,
    offset: [-padding.top, -padding.left],
  }
}

/** Over the network's picture, which a deeper layer sees through the layers before it. */
export function fieldGeometry(field: ReceptiveField, picture: readonly [number, number]): MatchGeometry {
  return { picture, size: field.size, jump: field.jump, offset: field.offset }
}

/** The window of an output. */
export function windowBox({ size, jump, offset }: MatchGeometry, row: number, column: number): Rectangle {
  return { x: offset[1] + column * jump[1], y: offset[0] + row * jump[0], width: size[1], height: size[0] }
}

/** The part of the picture that is coloured for an output: around its window's middle, up to the next one's. */
export function matchBox(geometry: MatchGeometry, row: number, column: number): Rectangle {
  const { x, y, width, height } = windowBox(geometry, row, column)
  const [down, across] = [Math.max(1, geometry.jump[0]), Math.max(1, geometry.jump[1])]
  return { x: x + width / 2 - across / 2, y: y + height / 2 - down / 2, width: across, height: down }
}

/** The output whose coloured part holds a point; null for none. */
export function placeUnder(
  geometry: MatchGeometry,
  of: ConvolutionCase,
  x: number,
  y: number,
): { readonly row: number; readonly column: number } | null {
  const [, rows, columns] = outputShape(of)
  const first = matchBox(geometry, 0, 0)
  const row = Math.floor((y - first.y) / first.height)
  const column = Math.floor((x - first.x) / first.width)
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null
}
