import type { ImageShape } from '../../../shared/network/shape'
import { borderMean, place, toGrey, type PixelImage, type Placement } from './pixel-image'

export interface FitOptions {
  /** For dark ink on a bright ground: the data sets have it the other way round. */
  readonly invert: boolean
  /** As MNIST's digits are: the ink fills 20 of 28 pixels, and its centre of mass is the middle. One channel only. */
  readonly centre: boolean
}

/** Of MNIST: http://yann.lecun.com/exdb/mnist/ */
const inkShare = 20 / 28
/** Darker than this share of the brightest is ground, not ink. */
const faintest = 0.12

/** Any picture as the network takes them: uint8 HWC of `shape`. */
export function fitPicture(
  image: PixelImage,
  shape: ImageShape,
  { invert, centre }: FitOptions,
): Uint8Array<ArrayBuffer> {
  const oriented = invert ? negative(image) : image
  const source = shape.channels === 3 && image.channels === 3 ? oriented : toGrey(oriented)
  const inked = centre && shape.channels === 1 ? centred(source, shape) : null
  const placed = inked
    ? place(source, shape, inked, 0)
    : place(source, shape, contained(source, shape), borderMean(source))
  return spread(placed, shape.channels)
}

/** Whether the ground is brighter than what is on it, as on paper. */
export function isOnBrightGround(image: PixelImage): boolean {
  return borderMean(image) > 127.5
}

function negative(image: PixelImage): PixelImage {
  return { ...image, values: image.values.map((value) => 255 - value) }
}

/** As large as it fits whole, in the middle. */
function contained(image: PixelImage, { height, width }: ImageShape): Placement {
  const scale = Math.min(height / image.height, width / image.width)
  return { scale, left: (width - image.width * scale) / 2, top: (height - image.height * scale) / 2 }
}

/** Null where there is no ink. */
function centred(image: PixelImage, { height, width }: ImageShape): Placement | null {
  const ink = inkOf(image)
  if (!ink) return null
  const side = Math.max(ink.bottom - ink.top + 1, ink.right - ink.left + 1)
  const scale = (inkShare * Math.min(height, width)) / side
  return { scale, left: width / 2 - ink.x * scale, top: height / 2 - ink.y * scale }
}

/** Bounds and centre of mass of all that is not ground, in pixels; centres of pixels are at halves. */
function inkOf({ height, width, values }: PixelImage) {
  const limit = values.reduce((most, value) => Math.max(most, value), 0) * faintest
  let [top, bottom, left, right] = [height, -1, width, -1]
  let [mass, x, y] = [0, 0, 0]
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = values[row * width + column] ?? 0
      if (value <= limit) continue
      top = Math.min(top, row)
      bottom = row
      left = Math.min(left, column)
      right = Math.max(right, column)
      mass += value
      x += value * (column + 0.5)
      y += value * (row + 0.5)
    }
  }
  return mass > 0 ? { top, bottom, left, right, x: x / mass, y: y / mass } : null
}

/** Rounded to bytes; a single channel is repeated for each that is wanted. */
function spread({ channels, values }: PixelImage, wanted: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8ClampedArray((values.length / channels) * wanted)
  for (let i = 0; i < bytes.length; i++) {
    const pixel = Math.floor(i / wanted)
    bytes[i] = values[pixel * channels + Math.min(channels - 1, i % wanted)] ?? 0
  }
  return new Uint8Array(bytes.buffer)
}
