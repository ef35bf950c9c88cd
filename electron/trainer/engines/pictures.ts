import { pixelMean, pixelStd, type LabelledImages } from '../../../shared/data/dataset'

/** What each of the 256 pixel values is when it enters the network. */
const normalised = Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - pixelMean) / pixelStd)

/** Pixels from 0 to 255 as they enter the network; `where` they go, or a new array. */
export function normalise(pixels: Uint8Array, where = new Float32Array(pixels.length)): Float32Array {
  for (let i = 0; i < pixels.length; i++) where[i] = normalised[pixels[i]!]!
  return where
}

export interface Batch {
  /** float32 NHWC */
  readonly pictures: Float32Array
  readonly labels: Uint8Array
  readonly count: number
}

/** The pictures at `indices`, ready to enter the network. Throws RangeError for an index outside the data. */
export function gatherBatch(data: LabelledImages, indices: Int32Array): Batch {
  const size = data.shape[0] * data.shape[1] * data.shape[2]
  const pictures = new Float32Array(indices.length * size)
  const labels = new Uint8Array(indices.length)
  for (const [position, index] of indices.entries()) {
    if (index < 0 || index >= data.count) throw new RangeError(`there is no picture ${index} among ${data.count}`)
    normalise(
      data.images.subarray(index * size, (index + 1) * size),
      pictures.subarray(position * size, (position + 1) * size),
    )
    labels[position] = data.labels[index]!
  }
  return { pictures, labels, count: indices.length }
}
