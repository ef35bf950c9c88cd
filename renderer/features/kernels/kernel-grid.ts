import { columnsIn, type TileLayout } from '../../lib/tile-layout'
import { rgbColours, tileColours, type TileColours } from '../../lib/tiles'
import { largestMagnitude } from '../../lib/colour'
import { fitGrid } from '../training/kernel-tiles'
import { weightsOf, type KernelSet } from './kernel-set'

export const scaleModes = ['common', 'own'] as const
/** One scale for the whole layer, or one for each kernel. */
export type ScaleMode = (typeof scaleModes)[number]

export interface GridLook {
  /** The three channels of a kernel as red, green and blue. */
  readonly rgb: boolean
  readonly scale: ScaleMode
  /** Kernels as they stand. */
  readonly order: readonly number[]
}

const gap = 6
const matrixGap = 2
/** Room for a scroll bar and the outline of a chosen tile. */
const scrollbar = 20
const smallest = 12
const largest = 132

/** Whether each kernel is one tile; else it is a row of tiles, one a channel. */
export function isFlow(set: KernelSet, rgb: boolean): boolean {
  return rgb || set.channels === 1
}

/**
 * How the kernels stand in a window of `width × height`: one tile each, as large as all fit, or a matrix of kernels by
 * channels. `zoom` enlarges; what does not fit is scrolled.
 */
export function kernelLayout(set: KernelSet, rgb: boolean, width: number, height: number, zoom: number): TileLayout {
  const ratio = set.height / set.width
  if (isFlow(set, rgb)) {
    const fit = fitGrid(set.count, width - 4, (height - 4) / ratio, gap)
    const tile = Math.round(clamp(fit.tile * zoom, smallest, Math.max(largest, largest * zoom)))
    const columns =
      zoom === 1 && fit.tile >= smallest && fit.tile <= largest ? fit.columns : columnsIn(width - 4, tile, gap)
    return sized({ count: set.count, columns: Math.min(columns, set.count), gap, gutter: 0, head: 0 }, tile, ratio)
  }
  const [gutter, head] = [44, 20]
  const fit = Math.floor((width - gutter - scrollbar) / set.channels - matrixGap)
  const tile = Math.round(clamp(fit, smallest, 36) * zoom)
  return sized({ count: set.count * set.channels, columns: set.channels, gap: matrixGap, gutter, head }, tile, ratio)
}

/** For a file about `wanted` pixels wide: each weight a square of whole pixels, one at least. */
export function fileLayout(set: KernelSet, rgb: boolean, wanted: number): TileLayout {
  const flows = isFlow(set, rgb)
  const [gutter, head] = flows ? [0, 0] : [44, 20]
  const columns = flows ? Math.ceil(Math.sqrt(set.count * 1.3)) : set.channels
  const fileGap = 4
  const cell = clamp(Math.floor(((wanted - gutter) / columns - fileGap) / set.width), 1, 32)
  return {
    count: flows ? set.count : set.count * set.channels,
    columns,
    gap: fileGap,
    gutter,
    head,
    tileWidth: cell * set.width,
    tileHeight: cell * set.height,
  }
}

function sized(layout: Omit<TileLayout, 'tileWidth' | 'tileHeight'>, tile: number, ratio: number): TileLayout {
  return { ...layout, tileWidth: tile, tileHeight: Math.max(4, Math.round(tile * ratio)) }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** A kernel, and its channel where just one is meant. */
export interface KernelPlace {
  readonly kernel: number
  readonly channel: number | null
}

/** What a tile shows. */
export function tileSubject(set: KernelSet, { rgb, order }: GridLook, index: number): KernelPlace {
  if (rgb) return { kernel: order[index] ?? index, channel: null }
  const row = Math.floor(index / set.channels)
  return { kernel: order[row] ?? row, channel: index % set.channels }
}

/** The tile that shows a kernel's channel. */
export function tileOf(set: KernelSet, { rgb, order }: GridLook, { kernel, channel }: KernelPlace): number {
  const row = order.indexOf(kernel)
  return rgb ? row : row * set.channels + (channel ?? 0)
}

/** Paints tiles of a set. `limit` is the common scale's end; `table` has 256 colours. */
export function kernelPainter(
  set: KernelSet,
  look: GridLook,
  limit: number,
  table: Uint32Array,
): (index: number, box: { readonly width: number; readonly height: number }) => TileColours {
  const plane = set.height * set.width
  const own = new Map<number, number>()
  function limitOf(kernel: number): number {
    if (look.scale === 'common') return limit
    const known = own.get(kernel) ?? largestMagnitude(weightsOf(set, kernel))
    own.set(kernel, known)
    return known
  }
  return (index, box) => {
    const { kernel, channel } = tileSubject(set, look, index)
    const end = limitOf(kernel)
    const tile = { offset: (kernel * set.channels + (channel ?? 0)) * plane, rows: set.height, columns: set.width }
    if (channel === null) return rgbColours(set.values, tile, { low: -end, high: end })
    return tileColours(set.values, tile, { table, low: -end, high: end }, box)
  }
}
