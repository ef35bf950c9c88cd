import type { AnalyzedLayer, NetworkAnalysis } from '../../../shared/network/analyze'
import { receptiveFields, type ReceptiveField } from '../../../shared/network/receptive-field'
import { asImage, formatShape } from '../../../shared/network/shape'

/** One tensor as a box: depth runs with the flow, to the right; height down; width away from the viewer, up and to the left. */
export interface VolumeBox {
  readonly id: string
  readonly layer: AnalyzedLayer
  /** Cells. A vector is one place of many channels. */
  readonly rows: number
  readonly columns: number
  readonly channels: number
  /** Edges in pixels. */
  readonly height: number
  readonly width: number
  readonly depth: number
  /** Where the upper left corner of the front face stands. */
  readonly x: number
  readonly y: number
}

export interface VolumeScene {
  readonly boxes: readonly VolumeBox[]
  /** By box, the boxes that enter it. */
  readonly sources: ReadonlyMap<string, readonly VolumeBox[]>
  readonly fields: ReadonlyMap<string, ReceptiveField>
  readonly width: number
  readonly height: number
}

export type VolumeScale = 'linear' | 'log'

/** How far the width axis leads to the left and up, for each pixel of width. */
export const oblique = { left: 0.5, up: 0.32 } as const
const tallest = 220
const thinnest = 3
const gap = 34
const margin = 20
const captionHeight = 58

/**
 * The tensors of a network from left to right. A layer whose output has the shape of its input and that looks at single
 * places (an activation, a normalisation) is the same box as the one before.
 */
export function volumeScene(analysis: NetworkAnalysis, scale: VolumeScale): VolumeScene {
  const shown = analysis.layers.filter((layer) => isOwnBox(layer))
  const length = lengths(shown, scale)
  const sizes = shown.map((layer) => {
    const { rows, columns, channels } = cellsOf(layer)
    return { layer, rows, columns, channels, height: length(rows), width: length(columns), depth: length(channels) }
  })
  const top = Math.max(0, ...sizes.map(({ height, width }) => height / 2 + width * oblique.up))
  const bottom = Math.max(0, ...sizes.map(({ height }) => height / 2))
  let x = margin
  const boxes = sizes.map((size): VolumeBox => {
    const front = x + size.width * oblique.left
    x = front + Math.max(size.depth, captionWidth(size.layer) - size.width * oblique.left) + gap
    return { ...size, id: size.layer.node.id, x: front, y: margin + top - size.height / 2 }
  })
  return {
    boxes,
    sources: sourcesOf(analysis, boxes),
    fields: receptiveFields(analysis),
    width: Math.max(0, ...boxes.map((box) => box.x + Math.max(box.depth, captionWidth(box.layer)))) + margin,
    height: 2 * margin + top + bottom + captionHeight,
  }
}

/** Whether one true scale would make some boxes too thin, or others too long, to be seen. */
export function isExtreme(analysis: NetworkAnalysis): boolean {
  const sides = analysis.layers.filter(isOwnBox).flatMap((layer) => Object.values(cellsOf(layer)))
  const pictures = analysis.layers.flatMap((layer) => asImage(layer.shape)?.height ?? [])
  return Math.max(1, ...sides) > 4 * Math.max(1, ...pictures)
}

function isOwnBox(layer: AnalyzedLayer): boolean {
  const [before] = layer.inputShapes
  if (!before || layer.inputShapes.length > 1) return true
  return formatShape(before) !== formatShape(layer.shape) || layer.kind.window(layer.params, layer.inputShapes) !== null
}

function cellsOf(layer: AnalyzedLayer): { readonly rows: number; readonly columns: number; readonly channels: number } {
  const image = asImage(layer.shape)
  if (image) return { rows: image.height, columns: image.width, channels: image.channels }
  return { rows: 1, columns: 1, channels: layer.shape.at(-1) ?? 1 }
}

function lengths(layers: readonly AnalyzedLayer[], scale: VolumeScale): (cells: number) => number {
  const cells = layers.map(cellsOf)
  const highest = Math.max(1, ...cells.flatMap(({ rows, columns }) => [rows, columns]))
  if (scale === 'linear') return (count) => Math.max(thinnest, (count / highest) * tallest)
  const most = Math.log2(1 + Math.max(1, ...cells.flatMap((one) => Object.values(one))))
  return (count) => Math.max(thinnest, (Math.log2(1 + count) / most) * tallest)
}

function captionWidth(layer: AnalyzedLayer): number {
  return Math.max(64, formatShape(layer.shape).length * 6.6)
}

/** The boxes that hold what enters each box: the way back through layers that have none of their own. */
function sourcesOf(analysis: NetworkAnalysis, boxes: readonly VolumeBox[]): ReadonlyMap<string, readonly VolumeBox[]> {
  const byId = new Map(boxes.map((box) => [box.id, box]))
  function boxOf(id: string): VolumeBox | null {
    for (let at: string | undefined = id; at !== undefined; at = analysis.byId.get(at)?.node.inputs[0]) {
      const found = byId.get(at)
      if (found) return found
    }
    return null
  }
  return new Map(boxes.map(({ id, layer }) => [id, layer.node.inputs.flatMap((from) => boxOf(from) ?? [])]))
}

/** Rows `top` to `bottom` and columns `left` to `right` of a tensor, both included, counted from 0. */
export interface CellWindow {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** What the neurons at one place of `box` see of `source`, which enters it: a window over its full depth. */
export function windowInto(box: VolumeBox, source: VolumeBox, row: number, column: number): CellWindow {
  const { layer } = box
  const whole = { top: 0, bottom: source.rows - 1, left: 0, right: source.columns - 1 }
  if (layer.kind.category === 'dense' || asImage(layer.shape) === null) return whole
  const window = layer.kind.window(layer.params, layer.inputShapes)
  if (!window) return cut({ top: row, bottom: row, left: column, right: column }, whole)
  const first = (axis: 0 | 1, at: number) => Math.floor(at * window.stride[axis] + window.offset[axis])
  const span = (axis: 0 | 1) => (window.kernel[axis] - 1) * window.dilation[axis]
  const [top, left] = [first(0, row), first(1, column)]
  return cut({ top, bottom: top + span(0), left, right: left + span(1) }, whole)
}

/** The same in pixels of the picture; the whole picture where a layer sees all of it. */
export function windowIntoPicture(field: ReceptiveField, picture: VolumeBox, row: number, column: number): CellWindow {
  const whole = { top: 0, bottom: picture.rows - 1, left: 0, right: picture.columns - 1 }
  const top = Math.floor(field.offset[0] + row * field.jump[0])
  const left = Math.floor(field.offset[1] + column * field.jump[1])
  return cut(
    { top, bottom: top + Math.ceil(field.size[0]) - 1, left, right: left + Math.ceil(field.size[1]) - 1 },
    whole,
  )
}

/** Padding is no part of the tensor. */
function cut(window: CellWindow, whole: CellWindow): CellWindow {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
  return {
    top: clamp(window.top, 0, whole.bottom),
    bottom: clamp(window.bottom, 0, whole.bottom),
    left: clamp(window.left, 0, whole.right),
    right: clamp(window.right, 0, whole.right),
  }
}

/** The place under a point of the box's left face, which is turned to the layer before; relative to the front's corner. */
export function placeAt(box: VolumeBox, x: number, y: number): { readonly row: number; readonly column: number } {
  const back = -x / oblique.left
  const down = y + back * oblique.up
  const index = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  // The first column is the farthest from the viewer: the left one for who looks along the flow.
  return { row: index(down / box.height, box.rows), column: index(1 - back / box.width, box.columns) }
}

/** Corners of a part of the box, `from` to `to` along its depth from 0 to 1: the left face, and the top and front behind it. */
export function prism(
  box: VolumeBox,
  window: CellWindow,
): { readonly face: string; readonly top: string; readonly front: string } {
  const { near, far, high, low } = edgesOf(box, window)
  const { depth } = box
  return {
    face: [at(near, high, 0), at(far, high, 0), at(far, low, 0), at(near, low, 0)].join(' '),
    top: [at(near, high, 0), at(far, high, 0), at(far, high, depth), at(near, high, depth)].join(' '),
    front: [at(near, high, 0), at(near, high, depth), at(near, low, depth), at(near, low, 0)].join(' '),
  }
}

/** Thinner than this they cannot be told apart. */
const thinnestNeuron = 3

/** Lines that part a column of the box into its neurons, one a channel, on its front and top; empty where they are too thin. */
export function neurons(box: VolumeBox, window: CellWindow): string {
  if (box.depth / box.channels < thinnestNeuron) return ''
  const { near, far, high, low } = edgesOf(box, window)
  return Array.from({ length: box.channels - 1 }, (_, channel) => {
    const along = ((channel + 1) / box.channels) * box.depth
    return `M ${at(near, low, along)} L ${at(near, high, along)} L ${at(far, high, along)}`
  }).join(' ')
}

/** Lines from the corners of the window in `source` to the column in `box` that sees it, in the drawing's own pixels. */
export function sightLines(source: VolumeBox, window: CellWindow, box: VolumeBox, own: CellWindow): string {
  const seen = edgesOf(source, window)
  const { near, far, high, low } = edgesOf(box, own)
  const [back, down] = [(near + far) / 2, (high + low) / 2]
  const eye = { x: box.x - back * oblique.left, y: box.y + down - back * oblique.up }
  const corners = [seen.near, seen.far].flatMap((away) => [seen.high, seen.low].map((drop) => ({ away, drop })))
  return corners
    .map(({ away, drop }) => {
      const [x, y] = [source.x + source.depth - away * oblique.left, source.y + drop - away * oblique.up]
      return `M ${x.toFixed(2)},${y.toFixed(2)} L ${eye.x.toFixed(2)},${eye.y.toFixed(2)}`
    })
    .join(' ')
}

/** Of a part of the box: its nearer and farther side on the width axis, its upper and lower one, in pixels. */
function edgesOf(box: VolumeBox, window: CellWindow) {
  return {
    near: box.width * (1 - (window.right + 1) / box.columns),
    far: box.width * (1 - window.left / box.columns),
    high: (box.height * window.top) / box.rows,
    low: (box.height * (window.bottom + 1)) / box.rows,
  }
}

/** A point of the box as the drawing shows it. */
function at(back: number, down: number, along: number): string {
  return `${(along - back * oblique.left).toFixed(2)},${(down - back * oblique.up).toFixed(2)}`
}
