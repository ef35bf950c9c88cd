import type { EmbeddingAnswer } from '../../../shared/inspect/answers'
import { withAlpha } from '../../lib/palette'
import { toScreen, type Place, type ScatterView, type Size } from './scatter-view'

export interface Scatter {
  readonly embedding: EmbeddingAnswer
  readonly classes: readonly string[]
  readonly faded: ReadonlySet<number>
  /** Whether mistakes are ringed. */
  readonly marked: boolean
  readonly middles: readonly (Place | null)[]
  readonly hovered: number | null
  readonly selected: ReadonlySet<number>
}

export interface ScatterColours {
  /** One a class; later classes begin again. */
  readonly classes: readonly string[]
  readonly ink: string
  readonly ground: string
  readonly wrong: string
}

/** Points in the colour of their true class, mistakes ringed, each class named in its middle; a selection lets the rest step back. */
export function drawScatter(
  context: CanvasRenderingContext2D,
  scatter: Scatter,
  view: ScatterView,
  size: Size,
  colours: ScatterColours,
  font: string,
): void {
  const { embedding, faded, marked, hovered, selected } = scatter
  const { x, y, labels, predicted } = embedding
  const radius = x.length > 6000 ? 2 : 3
  const place = (point: number) => toScreen(view, size, x[point] ?? 0, y[point] ?? 0)
  const isShown = ([across, down]: Place) =>
    across > -8 && down > -8 && across < size.width + 8 && down < size.height + 8
  const paths = scatter.classes.map(() => new Path2D())
  const chosen = scatter.classes.map(() => new Path2D())
  const rings = new Path2D()
  for (let point = 0; point < x.length; point++) {
    const at = place(point)
    if (!isShown(at)) continue
    const label = labels[point] ?? 0
    dot(selected.has(point) ? chosen[label] : paths[label], at, radius)
    if (marked && label !== predicted[point] && !faded.has(label)) dot(rings, at, radius + 1)
  }
  function fill(list: readonly Path2D[], strength: number): void {
    list.forEach((path, label) => {
      const colour = colours.classes[label % colours.classes.length] ?? colours.ink
      context.fillStyle = withAlpha(colour, faded.has(label) ? 0.08 : strength)
      context.fill(path)
    })
  }
  fill(paths, selected.size > 0 ? 0.2 : 0.78)
  fill(chosen, 1)
  stroke(context, rings, withAlpha(colours.wrong, 0.8), 1.25)
  drawNames(context, scatter, view, size, colours, font)
  if (hovered === null) return
  const ring = new Path2D()
  dot(ring, place(hovered), radius + 4)
  stroke(context, ring, colours.ink, 2)
}

function dot(path: Path2D | undefined, [x, y]: Place, radius: number): void {
  path?.moveTo(x + radius, y)
  path?.arc(x, y, radius, 0, Math.PI * 2)
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke(path)
}

function drawNames(
  context: CanvasRenderingContext2D,
  { classes, middles, faded }: Scatter,
  view: ScatterView,
  size: Size,
  colours: ScatterColours,
  font: string,
): void {
  context.font = font
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  classes.forEach((name, label) => {
    const middle = middles[label]
    if (!middle || faded.has(label)) return
    const [x, y] = toScreen(view, size, ...middle)
    context.strokeStyle = colours.ground
    context.lineWidth = 4
    context.strokeText(name, x, y)
    context.fillStyle = colours.ink
    context.fillText(name, x, y)
  })
  context.textAlign = 'left'
}
