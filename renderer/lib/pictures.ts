import type { LabelledImages } from '../../shared/data/dataset'

/** Picture `index` of a batch as RGBA. Pictures of one channel are painted from the 256 colours of `table`. */
export function pictureRgba(
  images: LabelledImages,
  index: number,
  table: Uint8ClampedArray,
): Uint8ClampedArray<ArrayBuffer> {
  const [height, width, channels] = images.shape
  const size = height * width
  const bytes = images.images.subarray(index * size * channels, (index + 1) * size * channels)
  const out = new Uint8ClampedArray(size * 4)
  for (let pixel = 0; pixel < size; pixel++) {
    if (channels === 3) {
      out.set([bytes[pixel * 3] ?? 0, bytes[pixel * 3 + 1] ?? 0, bytes[pixel * 3 + 2] ?? 0, 255], pixel * 4)
    } else {
      const at = (bytes[pixel * channels] ?? 0) * 4
      out.set(table.subarray(at, at + 4), pixel * 4)
    }
  }
  return out
}

/** The pixel values of picture `index`, row by row, one channel after another within a pixel. */
export function pictureBytes(images: LabelledImages, index: number): Uint8Array {
  const [height, width, channels] = images.shape
  const size = height * width * channels
  return images.images.subarray(index * size, (index + 1) * size)
}
