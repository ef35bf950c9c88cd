/** How the plane of an embedding lies on the screen: screen = (plane − centre) · scale + middle; down is down in both. */
export interface ScatterView {
  readonly x: number
  readonly y: number
  /** Pixels per unit of the plane. */
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export type Place = readonly [x: number, y: number]

const padding = 26
const closest = 400

/** All points in the middle, with a rim. */
export function fitView(x: Float32Array, y: Float32Array, { width, height }: Size): ScatterView {
  const [left, right] = boundsOf(x)
  const [top, bottom] = boundsOf(y)
  const across = Math.max(1, width - 2 * padding) / (right - left || 1)
  const down = Math.max(1, height - 2 * padding) / (bottom - top || 1)
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(across, down) }
}

function boundsOf(values: Float32Array): [number, number] {
  if (values.length === 0) return [0, 0]
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}

export function toScreen(view: ScatterView, { width, height }: Size, x: number, y: number): Place {
  return [(x - view.x) * view.scale + width / 2, (y - view.y) * view.scale + height / 2]
}

export function toPlane(view: ScatterView, { width, height }: Size, [x, y]: Place): Place {
  return [(x - width / 2) / view.scale + view.x, (y - height / 2) / view.scale + view.y]
}

/** Closer by `factor`, so that what lies under `at` stays there. `fitted` is the view of all, which bounds it. */
export function zoomAt(view: ScatterView, size: Size, at: Place, factor: number, fitted: ScatterView): ScatterView {
  const scale = Math.min(fitted.scale * closest, Math.max(fitted.scale * 0.5, view.scale * factor))
  const [x, y] = toPlane(view, size, at)
  return {
    x: x - (at[0] - size.width / 2) / scale,
    y: y - (at[1] - size.height / 2) / scale,
    scale,
  }
}

export function panBy(view: ScatterView, across: number, down: number): ScatterView {
  return { ...view, x: view.x - across / view.scale, y: view.y - down / view.scale }
}

/** The place of the point nearest to `at`, a place on the plane, within `reach`; null where there is none. */
export function nearestPoint(x: Float32Array, y: Float32Array, at: Place, reach: number): number | null {
  let best: number | null = null
  let least = reach * reach
  for (let i = 0; i < x.length; i++) {
    const [across, down] = [(x[i] ?? Infinity) - at[0], (y[i] ?? Infinity) - at[1]]
    const distance = across * across + down * down
    if (distance <= least) [best, least] = [i, distance]
  }
  return best
}

/** Places of the points inside a polygon of the plane (even-odd rule). */
export function pointsInside(x: Float32Array, y: Float32Array, polygon: readonly Place[]): number[] {
  const found: number[] = []
  for (let i = 0; i < x.length; i++) if (isInside(x[i] ?? NaN, y[i] ?? NaN, polygon)) found.push(i)
  return found
}

function isInside(x: number, y: number, polygon: readonly Place[]): boolean {
  let inside = false
  polygon.forEach(([toX, toY], index) => {
    const [fromX, fromY] = polygon.at(index - 1) ?? [toX, toY]
    if (fromY > y === toY > y) return
    if (x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX) inside = !inside
  })
  return inside
}

/** Points of a class that are tried as its middle: each is measured against all of them. */
const mostTried = 400

/**
 * Where the name of each class stands: at the point from which the others of its class are nearest on average, so that it stands
 * in the larger group of a class that is torn, not between both; null of a class without points.
 */
export function classMiddles(x: Float32Array, y: Float32Array, labels: Uint8Array, classes: number): (Place | null)[] {
  return Array.from({ length: classes }, (_, index) => {
    const own = [...labels.keys()].flatMap((point): Place[] =>
      labels[point] === index ? [[x[point] ?? 0, y[point] ?? 0]] : [],
    )
    const every = Math.ceil(own.length / mostTried)
    let [middle, least]: [Place | null, number] = [null, Infinity]
    for (let tried = 0; tried < own.length; tried += every) {
      const [atX, atY] = own[tried] ?? [0, 0]
      const sum = own.reduce((total, [toX, toY]) => total + Math.hypot(toX - atX, toY - atY), 0)
      if (sum < least) [middle, least] = [[atX, atY], sum]
    }
    return middle
  })
}
