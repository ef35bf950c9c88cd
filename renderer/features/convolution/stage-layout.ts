import { outputShape, type ConvolutionCase } from '../../../shared/convolution/case'
import type { CellSize } from './sheet'

/** How the volumes of a case are laid out on the stage: as numbers where they are small, in colours otherwise. */
export interface StageLayout {
  readonly type: 'numbers' | 'heat'
  /** Of input and filters where they are numbers; of filters and windows otherwise. */
  readonly cell: CellSize
  readonly outputCell: CellSize
  readonly product: CellSize
  /** Whether a product's cell also has room for its two factors. */
  readonly factors: boolean
  /** Whether filters are small enough for numbers. */
  readonly kernelNumbers: boolean
  /** Side of a coloured cell of the input, a filter and the output. */
  readonly inputSide: number
  readonly kernelSide: number
  readonly outputSide: number
  /** Whether every filter has a column, or the chosen one alone. */
  readonly allFilters: boolean
  /** Input channels that are shown at once. */
  readonly perPage: number
  /** Pixels between two columns of sheets. */
  readonly gap: number
}

export interface StageSize {
  readonly width: number
  readonly height: number
}

type Direction = 'forward' | 'backward'

const mostNumbered = 12
const mostKernelNumbers = 7
const mostFactors = 5
const mostFilters = 6
const mostChannels = 8
const [lowest, highest] = [15, 34]
const wideGap = 26
const tightGap = 14
/** Heads, biases and sums; then a name and a gap for each channel. */
const fixedHeight = 96
const sliceHeight = 30
/** What sheets take besides their cells. */
const slack = 16

/**
 * `digits` is the length of the longest number. The backward step shows a gradient beside input and filters, and no
 * products.
 */
export function stageLayout(
  of: ConvolutionCase,
  stage: StageSize,
  digits: number,
  direction: Direction = 'forward',
): StageLayout {
  const { rows, columns, kernelSide, outputSide } = sizesOf(of)
  const isSmall = Math.max(rows, columns, outputSide) <= mostNumbered && kernelSide <= mostKernelNumbers
  return isSmall ? numberLayout(of, stage, digits, direction) : heatLayout(of, stage, digits, direction)
}

function sizesOf({ inputShape, kernelShape, options }: ConvolutionCase) {
  const [, height, width] = inputShape
  const { padding } = options
  const [, outputHeight, outputWidth] = outputShape({ inputShape, kernelShape, options })
  return {
    rows: height + padding.top + padding.bottom,
    columns: width + padding.left + padding.right,
    kernelHeight: kernelShape[2],
    kernelWidth: kernelShape[3],
    kernelSide: Math.max(kernelShape[2], kernelShape[3]),
    outputWidth,
    outputSide: Math.max(outputHeight, outputWidth),
    perPage: Math.min(inputShape[0], mostChannels),
  }
}

/** The largest cells with which all can be seen without scrolling; closer together where even the smallest are too wide. */
function numberLayout(of: ConvolutionCase, stage: StageSize, digits: number, direction: Direction): StageLayout {
  const { rows, columns, kernelHeight, kernelWidth, kernelSide, outputWidth, outputSide, perPage } = sizesOf(of)
  const [filters] = of.kernelShape

  function styled(isTight: boolean) {
    const factors = !isTight && kernelSide <= mostFactors
    return {
      factors,
      gap: isTight ? tightGap : wideGap,
      product: factors
        ? { width: Math.max(36, Math.ceil(12 + 5.7 * (2 * digits + 1))), height: 34 }
        : cellOf(20, digits),
      // Results are read most, and there is room beside the tall input.
      outputCell: cellOf(isTight ? lowest : outputSide <= 5 ? 28 : 22, digits),
    }
  }
  type Style = ReturnType<typeof styled>
  const sumWidth = sumWidthOf(digits)
  function widthOf({ gap, product, outputCell }: Style, cell: CellSize, shown: number): number {
    const cells = (columns + shown * kernelWidth) * (cell.width + 1)
    const output = outputWidth * (outputCell.width + 1) + slack
    if (direction === 'backward') return 2 * cells + output + (2 * shown + 2) * gap
    return cells + output + kernelWidth * (product.width + 1) + sumWidth + (shown + 2) * gap
  }
  function heightOf({ product }: Style, cell: CellSize): number {
    const products = direction === 'forward' ? kernelHeight * (product.height + 1) : 0
    return fixedHeight + perPage * (sliceHeight + Math.max(products, rows * (cell.height + 1)))
  }

  const smallest = cellOf(lowest, digits)
  const fits = (isTight: boolean, shown: number) => widthOf(styled(isTight), smallest, shown) <= stage.width
  const allFilters = filters <= mostFilters && (fits(false, filters) || fits(true, filters))
  // All filters closer together rather than one at a time.
  const style = styled(!fits(false, allFilters ? filters : 1))
  let side = highest
  for (; side > lowest; side--) {
    const cell = cellOf(side, digits)
    if (heightOf(style, cell) > stage.height) continue
    if (widthOf(style, cell, allFilters ? filters : 1) <= stage.width) break
  }
  return {
    ...style,
    type: 'numbers',
    cell: cellOf(side, digits),
    kernelNumbers: true,
    inputSide: side,
    kernelSide: side,
    outputSide: side,
    allFilters,
    perPage,
  }
}

/** Input and output in colours; window, filter and products in numbers where they are small enough. */
function heatLayout(of: ConvolutionCase, stage: StageSize, digits: number, direction: Direction): StageLayout {
  const { rows, columns, kernelWidth, kernelSide, outputSide, perPage } = sizesOf(of)
  const cell = cellOf(20, digits)
  const kernelNumbers = kernelSide <= mostKernelNumbers
  const kernelRoom = kernelNumbers ? kernelWidth * (cell.width + 1) : 110
  const taken = 2 * kernelRoom + (direction === 'forward' ? sumWidthOf(digits) : 0) + 5 * wideGap + 14
  const across = (stage.width - taken) / (direction === 'forward' ? 2 : 3)
  const down = (stage.height - fixedHeight) / perPage - sliceHeight
  const room = Math.min(300, across, Math.max(150, down))
  return {
    type: 'heat',
    cell,
    outputCell: cell,
    product: cell,
    // Window and filter stand beside the products.
    factors: false,
    kernelNumbers,
    inputSide: sideOf(room, Math.max(rows, columns), 3, 16),
    kernelSide: sideOf(110, kernelSide, 3, 16),
    outputSide: sideOf(Math.min(300, across), outputSide, 3, 24),
    allFilters: false,
    perPage,
    gap: wideGap,
  }
}

/** A cell this high, and wide enough for a number of so many characters. */
export function cellOf(height: number, digits: number): CellSize {
  const font = Math.min(12.5, height * 0.6)
  return { height, width: Math.max(height, Math.ceil(digits * font * 0.6 + 7)) }
}

/** Of a channel's sum behind its products. */
function sumWidthOf(digits: number): number {
  return Math.max(56, 34 + 8 * digits)
}

function sideOf(room: number, cells: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(room / cells)))
}
