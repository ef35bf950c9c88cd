import {
  indexOf,
  outputCount,
  outputShape,
  placeOf,
  type ConvolutionCase,
  type OutputPlace,
} from '../../../shared/convolution/case'
import type { Matrix } from '../../../shared/convolution/im2col'
import { mapRow } from '../../../shared/convolution/linear-map'

/** What of the convolution's matrix is drawn: some rows (outputs) and some columns (inputs). */
export interface MappingPart {
  readonly matrix: Matrix
  readonly firstRow: number
  readonly firstColumn: number
  /** Sizes of the whole matrix. */
  readonly rows: number
  readonly columns: number
}

const mostColumns = 300
const mostRows = 130

/** Whether all channels have room side by side, or one has to be chosen. */
export function showsAllChannels({ input }: Pick<ConvolutionCase, 'input'>): boolean {
  return input.length <= mostColumns
}

/**
 * The rows around one output: all of them where they are few, else those of its map, else those of its row in the map. The
 * columns of one channel where all together are too many.
 */
export function mappingPart(of: ConvolutionCase, place: OutputPlace, channel: number): MappingPart {
  const [, height, width] = outputShape(of)
  const rows = outputCount(of)
  const columns = of.input.length
  const [firstRow, rowCount] =
    rows <= mostRows
      ? [0, rows]
      : height * width <= mostRows
        ? [place.filter * height * width, height * width]
        : [indexOf(of, { ...place, column: 0 }), width]
  const plane = of.inputShape[1] * of.inputShape[2]
  const [firstColumn, columnCount] = showsAllChannels(of) ? [0, columns] : [channel * plane, plane]
  const values = new Float64Array(rowCount * columnCount)
  for (let at = 0; at < rowCount; at++) {
    const row = mapRow(of, placeOf(of, firstRow + at))
    values.set(row.subarray(firstColumn, firstColumn + columnCount), at * columnCount)
  }
  return { matrix: { rows: rowCount, columns: columnCount, values }, firstRow, firstColumn, rows, columns }
}
