import type { PixelImage } from './pixel-image'

/** A place of the pen on the pad. All in widths of the pad, so that a drawing fits any size. */
export interface PenPoint {
  readonly x: number
  readonly y: number
  /** How broad the pen is here. */
  readonly breadth: number
}

/** What the pen drew from touching the pad to leaving it. */
export type Stroke = readonly PenPoint[]

/** The breadth under a pen's pressure (0 to 1); other pointers have none to give. */
export function breadthOf(pen: number, pressure: number, hasPressure: boolean): number {
  return hasPressure ? pen * (0.35 + 1.3 * pressure) : pen
}

/** Strokes in white on black, with smooth edges. */
export function drawStrokes(strokes: readonly Stroke[], height: number, width: number): PixelImage {
  const values = new Float32Array(height * width)
  for (const stroke of strokes) {
    stroke.forEach((point, index) => drawSegment({ height, width, values }, stroke[index - 1] ?? point, point))
  }
  return { height, width, channels: 1, values }
}

interface Sheet {
  readonly height: number
  readonly width: number
  readonly values: Float32Array
}

/** A line with round ends, whose breadth changes from one end to the other. */
function drawSegment({ height, width, values }: Sheet, from: PenPoint, to: PenPoint): void {
  const [ax, ay, bx, by] = [from.x * width, from.y * width, to.x * width, to.y * width]
  const [ra, rb] = [(from.breadth * width) / 2, (to.breadth * width) / 2]
  const [dx, dy] = [bx - ax, by - ay]
  const lengthSquared = dx * dx + dy * dy
  const reach = Math.max(ra, rb) + 1
  const firstRow = Math.max(0, Math.floor(Math.min(ay, by) - reach))
  const lastRow = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach))
  const firstColumn = Math.max(0, Math.floor(Math.min(ax, bx) - reach))
  const lastColumn = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach))
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay]
      const along = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared))
      const distance = Math.hypot(px - along * dx, py - along * dy)
      const value = 255 * Math.min(1, Math.max(0, ra + (rb - ra) * along - distance + 0.5))
      const at = row * width + column
      if (value > (values[at] ?? 0)) values[at] = value
    }
  }
}
