import type { LabelledImages } from '../../../shared/data/dataset'
import type { Patch } from '../../../shared/inspect/answers'
import { paintPixels, type DrawingContext } from '../../lib/canvas'
import { pictureRgba } from '../../lib/pictures'
import type { Box } from './draw-map'

/** Where the patch's window lies on a picture that is drawn over `box`, cut at the picture's edges. */
export function windowBox({ window }: Patch, shape: LabelledImages['shape'], box: Box): Box {
  const [height, width] = shape
  const [across, down] = [box.width / width, box.height / height]
  const left = Math.max(0, window.left)
  const top = Math.max(0, window.top)
  const right = Math.min(width, window.left + window.width)
  const bottom = Math.min(height, window.top + window.height)
  return {
    x: box.x + left * across,
    y: box.y + top * down,
    width: Math.max(0, right - left) * across,
    height: Math.max(0, bottom - top) * down,
  }
}

/** The box that the whole picture fills when its window fills `box`. */
export function cropBox({ window }: Patch, shape: LabelledImages['shape'], box: Box): Box {
  const [height, width] = shape
  const scale = Math.min(box.width / window.width, box.height / window.height)
  const x = box.x + (box.width - window.width * scale) / 2 - window.left * scale
  const y = box.y + (box.height - window.height * scale) / 2 - window.top * scale
  return { x, y, width: width * scale, height: height * scale }
}

export interface PatchColours {
  readonly picture: Uint8ClampedArray
  /** Of the window's frame. */
  readonly frame: string
  /** Beyond the picture's edges. */
  readonly ground: string
}

/** The whole picture with the window framed, or the window alone. */
export function drawPatch(
  context: DrawingContext,
  image: LabelledImages,
  patch: Patch,
  box: Box,
  colours: PatchColours,
  cropped: boolean,
): void {
  const [height, width] = image.shape
  const pixels = pictureRgba(image, 0, colours.picture)
  context.save()
  context.beginPath()
  context.rect(box.x, box.y, box.width, box.height)
  context.clip()
  context.fillStyle = colours.ground
  context.fillRect(box.x, box.y, box.width, box.height)
  paintPixels(context, pixels, { width, height }, cropped ? cropBox(patch, image.shape, box) : box)
  context.restore()
  if (cropped) return
  const frame = windowBox(patch, image.shape, box)
  context.strokeStyle = colours.frame
  context.lineWidth = 2
  context.strokeRect(frame.x + 1, frame.y + 1, Math.max(0, frame.width - 2), Math.max(0, frame.height - 2))
}
