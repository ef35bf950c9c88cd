import type { StageSize } from './stage-layout'
import type { CellSize } from './sheet'

/** Cells of the three matrices: kernels and output share their rows' height, columns and output their columns' width. */
export interface MatrixLayout {
  readonly numbers: boolean
  readonly kernel: CellSize
  readonly columns: CellSize
  readonly output: CellSize
}

const mostNumbers = 1200
/** Names, brackets and margins. */
const labels = { width: 130, height: 104 }
/** In colours the sum stands above the matrices. */
const sumHeight = 110

/** `filters × taps` times `taps × places`, so large as the stage allows; in colours where there are too many numbers. */
export function matrixLayout(
  { filters, taps, places }: { readonly filters: number; readonly taps: number; readonly places: number },
  stage: StageSize,
  digits: number,
): MatrixLayout {
  const [across, down] = [stage.width - labels.width, stage.height - labels.height]
  if ((filters + places) * taps + filters * places <= mostNumbers) {
    const height = bounded(down / (taps + filters) - 1, 14, 24)
    const width = bounded(across / (taps + places) - 1, digits * 6.4 + 5, 34)
    const cell = { width, height }
    return { numbers: true, kernel: cell, columns: cell, output: cell }
  }
  const place = within((across * 0.62) / places, 0.5, 14)
  const tap = within((across - place * places) / taps, 0.5, 14)
  const tapHeight = within(((down - sumHeight) * 0.62) / taps, 0.5, 14)
  const filterHeight = within((down - sumHeight - tapHeight * taps) / filters, 1, 14)
  return {
    numbers: false,
    kernel: { width: tap, height: filterHeight },
    columns: { width: place, height: tapHeight },
    output: { width: place, height: filterHeight },
  }
}

function bounded(value: number, least: number, most: number): number {
  return Math.ceil(Math.min(most, Math.max(least, Math.floor(value))))
}

/** In whole pixels where there are any. */
function within(value: number, least: number, most: number): number {
  const inside = Math.min(most, Math.max(least, value))
  return inside >= 2 ? Math.floor(inside) : inside
}
