import { channelsOf, forEachTap, outputShape, type ConvolutionCase } from './case'

/** Row by row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/**
 * The input as torch.nn.functional.unfold lays it out: a column for each position of the window (row by row), a row for each
 * channel and place in the kernel. `padded` marks the entries that lie in the padding.
 */
export function windowColumns(of: ConvolutionCase): Matrix & { readonly padded: Uint8Array } {
  const [channels] = of.inputShape
  const [filters, perGroup, kernelHeight, kernelWidth] = of.kernelShape
  const [, height, width] = outputShape(of)
  const taps = kernelHeight * kernelWidth
  const [rows, columns] = [channels * taps, height * width]
  const values = new Float64Array(rows * columns)
  const padded = new Uint8Array(rows * columns)
  for (let group = 0; group < of.options.groups; group++) {
    const filter = (group * filters) / of.options.groups
    for (let column = 0; column < columns; column++) {
      let at = group * perGroup * taps * columns + column
      forEachTap(of, { filter, row: Math.floor(column / width), column: column % width }, (input) => {
        values[at] = input < 0 ? 0 : (of.input[input] ?? 0)
        padded[at] = input < 0 ? 1 : 0
        at += columns
      })
    }
  }
  return { rows, columns, values, padded }
}

/** A filter a row over the rows of `windowColumns`; zeros for the channels of other groups. */
export function kernelMatrix(of: ConvolutionCase): Matrix {
  const [channels] = of.inputShape
  const [filters, perGroup, kernelHeight, kernelWidth] = of.kernelShape
  const taps = kernelHeight * kernelWidth
  const columns = channels * taps
  const values = new Float64Array(filters * columns)
  for (let filter = 0; filter < filters; filter++) {
    const own = of.kernel.subarray(filter * perGroup * taps, (filter + 1) * perGroup * taps)
    values.set(own, filter * columns + channelsOf(of, filter).first * taps)
  }
  return { rows: filters, columns, values }
}

/** `a · b`, plus a value for each row. */
export function multiply(a: Matrix, b: Matrix, addend: Float64Array | null): Matrix {
  if (a.columns !== b.rows) throw new RangeError(`${a.columns} columns do not meet ${b.rows} rows`)
  const values = new Float64Array(a.rows * b.columns)
  for (let row = 0; row < a.rows; row++) {
    const into = values.subarray(row * b.columns, (row + 1) * b.columns)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[row * a.columns + k] ?? 0
      if (factor === 0) continue
      for (let column = 0; column < b.columns; column++) {
        into[column] = (into[column] ?? 0) + factor * (b.values[k * b.columns + column] ?? 0)
      }
    }
    const offset = addend?.[row] ?? 0
    for (let column = 0; column < b.columns; column++) into[column] = (into[column] ?? 0) + offset
  }
  return { rows: a.rows, columns: b.columns, values }
}
