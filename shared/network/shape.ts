/**
 * The shape of one example, without the batch: `[height, width, channels]` (the engine's NHWC order) or `[features]`.
 */
export type Shape = readonly number[]

export interface ImageShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Reads `[height, width, channels]`; null when the shape is not an image's. */
export function asImage(shape: Shape): ImageShape | null {
  const [height, width, channels] = shape
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) return null
  return { height, width, channels }
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** As it is written on edges: `28 × 28 × 1`. */
export function formatShape(shape: Shape): string {
  return shape.join(' × ')
}
