import type { LabelledImages } from '../../../shared/data/dataset'
import { paintPixels, type DrawingContext } from '../../lib/canvas'
import { pictureRgba } from '../../lib/pictures'
import { mapRgba, type MapScale, type MapTables } from './attribution-look'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A map of values over a picture. */
export interface MapPicture {
  readonly image: LabelledImages | null
  readonly map: { readonly height: number; readonly width: number; readonly values: Float32Array } | null
  readonly scale: MapScale
  readonly opacity: number
  readonly smooth: boolean
}

export interface MapColours extends MapTables {
  readonly picture: Uint8ClampedArray
}

/** The largest box of the picture's proportions in the middle of a canvas. */
export function fitBox(width: number, height: number, proportion: number): Box {
  const across = Math.floor(Math.min(width, height * proportion))
  const down = Math.floor(across / proportion)
  return { x: Math.floor((width - across) / 2), y: Math.floor((height - down) / 2), width: across, height: down }
}

export function drawMap(context: DrawingContext, picture: MapPicture, colours: MapColours, box: Box): void {
  const { image, map, scale, opacity, smooth } = picture
  if (image) {
    const [height, width] = image.shape
    paintPixels(context, pictureRgba(image, 0, colours.picture), { width, height }, box)
  }
  if (!map) return
  context.globalAlpha = opacity
  paintPixels(context, mapRgba(map.values, scale, colours), map, box, smooth)
  context.globalAlpha = 1
}
