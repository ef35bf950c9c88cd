import { forEachTap, outputCount, placeOf, type ConvolutionCase, type OutputPlace } from './case'
import type { Matrix } from './im2col'

/**
 * The row of the convolution's matrix for one output: a weight for every value of the unrolled input (channel by channel,
 * row by row), zeros outside the window. The output is this row times the input, plus the bias.
 */
export function mapRow(of: ConvolutionCase, place: OutputPlace): Float64Array {
  const row = new Float64Array(of.input.length)
  forEachTap(of, place, (input, kernel) => {
    if (input >= 0) row[input] = (row[input] ?? 0) + (of.kernel[kernel] ?? 0)
  })
  return row
}

/** The whole matrix, an output a row. Large: outputs × inputs values. */
export function mapMatrix(of: ConvolutionCase): Matrix {
  const [rows, columns] = [outputCount(of), of.input.length]
  const values = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) values.set(mapRow(of, placeOf(of, row)), row * columns)
  return { rows, columns, values }
}
