import { outputShape, type ConvolutionCase, type OutputPlace } from '../../../shared/convolution/case'
import type { Sides } from '../../../shared/ops/ops'

/** One channel of a volume, row by row; `padding` is what is drawn around it and not in `values`. */
export interface Sheet {
  readonly rows: number
  readonly columns: number
  readonly padding: Sides
  readonly values: Float64Array
}

/** A rectangle of cells, counted from the corner of the padded sheet. */
export interface Frame {
  readonly row: number
  readonly column: number
  readonly height: number
  readonly width: number
}

/** How a cell stands out: in the window, being added right now, or not reached yet. */
export type CellLook = 'lit' | 'now' | 'faint' | 'plain'

/** Width and height of one cell in pixels, without the line between two. */
export interface CellSize {
  readonly width: number
  readonly height: number
}

export function squareOf(side: number): CellSize {
  return { width: side, height: side }
}

export const noPadding: Sides = { top: 0, bottom: 0, left: 0, right: 0 }

export function sheetOf(values: Float64Array, rows: number, columns: number, at = 0, padding = noPadding): Sheet {
  const size = rows * columns
  return { rows, columns, padding, values: values.subarray(at * size, (at + 1) * size) }
}

/** A channel of the input, or of a volume of the input's shape such as its gradient. */
export function inputSheet(of: ConvolutionCase, channel: number, values: Float64Array = of.input): Sheet {
  const [, height, width] = of.inputShape
  return sheetOf(values, height, width, channel, of.options.padding)
}

export function filterSheet(
  of: ConvolutionCase,
  filter: number,
  filterChannel: number,
  values: Float64Array = of.kernel,
): Sheet {
  const [, perGroup, height, width] = of.kernelShape
  return sheetOf(values, height, width, filter * perGroup + filterChannel)
}

export function outputSheet(of: ConvolutionCase, filter: number, values: Float64Array): Sheet {
  const [, height, width] = outputShape(of)
  return sheetOf(values, height, width, filter)
}

export function paddedSize({ rows, columns, padding }: Sheet): { readonly rows: number; readonly columns: number } {
  return { rows: rows + padding.top + padding.bottom, columns: columns + padding.left + padding.right }
}

/** The value of a place of the padded sheet; null in the padding. */
export function valueIn({ rows, columns, padding, values }: Sheet, row: number, column: number): number | null {
  const [y, x] = [row - padding.top, column - padding.left]
  return y >= 0 && y < rows && x >= 0 && x < columns ? (values[y * columns + x] ?? 0) : null
}

/** What one output sees of each channel of the padded input. */
export function windowFrame(of: ConvolutionCase, { row, column }: Pick<OutputPlace, 'row' | 'column'>): Frame {
  const [, , height, width] = of.kernelShape
  const { stride, dilation } = of.options
  return {
    row: row * stride[0],
    column: column * stride[1],
    height: dilation[0] * (height - 1) + 1,
    width: dilation[1] * (width - 1) + 1,
  }
}

/** Whether the kernel touches this cell of its window: with dilation it leaves some out. */
export function isTouched(of: ConvolutionCase, frame: Frame, row: number, column: number): boolean {
  const [y, x] = [row - frame.row, column - frame.column]
  const inside = y >= 0 && y < frame.height && x >= 0 && x < frame.width
  return inside && y % of.options.dilation[0] === 0 && x % of.options.dilation[1] === 0
}

/** Lowest and highest value; both 0 for none. */
export function rangeOf(values: Float64Array): { readonly low: number; readonly high: number } {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low > high ? { low: 0, high: 0 } : { low, high }
}
