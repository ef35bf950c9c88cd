import type { Kernels } from '../../../shared/training/messages'

export interface KernelTiles {
  readonly count: number
  readonly height: number
  readonly width: number
  /** The values of tile `index`, row by row. */
  values(index: number): Float32Array
  /** Kernel and input channel that tile `index` shows, from 0. */
  place(index: number): { readonly kernel: number; readonly channel: number }
}

const mostTiles = 256

/** Kernels `[out, in, kh, kw]` as tiles: one for each kernel and input channel, the first 256 of them. */
export function kernelTiles({ shape, values }: Kernels): KernelTiles {
  const [out = 0, channels = 0, height = 0, width = 0] = shape
  const size = height * width
  return {
    count: Math.min(mostTiles, out * channels),
    height,
    width,
    values: (index) => values.subarray(index * size, (index + 1) * size),
    place: (index) => ({ kernel: Math.floor(index / channels), channel: index % channels }),
  }
}

export interface GridFit {
  readonly columns: number
  readonly rows: number
  /** Side of a square tile, and the gap between two, in pixels. */
  readonly tile: number
  readonly gap: number
}

/** Large square tiles that fit `count` of them into a box; a grid without holes may be a fifth smaller. */
export function fitGrid(count: number, width: number, height: number, gap: number): GridFit {
  let best: GridFit = { columns: 1, rows: Math.max(1, count), tile: 0, gap }
  let bestScore = 0
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const tile = Math.floor(Math.min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows))
    const score = columns * rows === count ? tile * 1.25 : tile
    if (score > bestScore) [best, bestScore] = [{ columns, rows, tile, gap }, score]
  }
  return best
}
