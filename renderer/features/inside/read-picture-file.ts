import { AppError } from '../../../shared/errors'
import type { PixelImage } from './pixel-image'

/** A photograph is made smaller than this first: the network takes far less, and a phone's picture has 50 megapixels. */
const largestSide = 1024

/** Decodes a picture file of any kind that the browser knows; what is transparent becomes white. Throws `invalid-input`. */
export async function readPictureFile(file: Blob, name: string): Promise<PixelImage> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new AppError('invalid-input', `${name} is not a picture that can be read.`, {
      fix: 'Choose a PNG, JPEG, WebP, GIF or BMP file.',
      params: { name },
      cause,
    })
  })
  try {
    const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height))
    const width = Math.max(1, Math.round(bitmap.width * scale))
    const height = Math.max(1, Math.round(bitmap.height * scale))
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context) throw new AppError('internal', 'The window cannot draw here.')
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, width, height)
    return fromRgba(context.getImageData(0, 0, width, height))
  } finally {
    bitmap.close()
  }
}

function fromRgba({ data, width, height }: ImageData): PixelImage {
  const values = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) values[i * 3 + c] = data[i * 4 + c] ?? 0
  }
  return { height, width, channels: 3, values }
}
