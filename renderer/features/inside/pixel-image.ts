/** A picture in memory, HWC, 0 to 255, not rounded. */
export interface PixelImage {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: Float32Array
}

/** Where a picture comes to lie in another: enlarged by `scale`, its corner at `left` and `top`, in the other's pixels. */
export interface Placement {
  readonly scale: number
  readonly left: number
  readonly top: number
}

/** The part that each source pixel has in one output pixel, along one axis. */
interface Share {
  readonly at: number
  readonly weight: number
}

/**
 * The picture placed on a ground of `ground` everywhere else. Each output pixel is the mean of the area that it covers, so
 * that nothing thin is lost when a picture gets smaller.
 */
export function place(
  image: PixelImage,
  { height, width }: { readonly height: number; readonly width: number },
  { scale, left, top }: Placement,
  ground: number,
): PixelImage {
  const { channels } = image
  const across = shares(width, image.width, scale, left)
  const down = shares(height, image.height, scale, top)
  const rows = new Float32Array(image.height * width * channels)
  for (let y = 0; y < image.height; y++) {
    across.forEach((parts, x) => {
      for (const { at, weight } of parts) {
        for (let c = 0; c < channels; c++) {
          const value = (image.values[(y * image.width + at) * channels + c] ?? 0) - ground
          rows[(y * width + x) * channels + c] = (rows[(y * width + x) * channels + c] ?? 0) + value * weight
        }
      }
    })
  }
  const values = new Float32Array(height * width * channels).fill(ground)
  down.forEach((parts, y) => {
    for (const { at, weight } of parts) {
      for (let i = 0; i < width * channels; i++) {
        const to = y * width * channels + i
        values[to] = (values[to] ?? 0) + (rows[at * width * channels + i] ?? 0) * weight
      }
    }
  })
  return { height, width, channels, values }
}

function shares(size: number, sourceSize: number, scale: number, start: number): Share[][] {
  return Array.from({ length: size }, (_, index) => {
    const from = (index - start) / scale
    const to = (index + 1 - start) / scale
    const parts: Share[] = []
    for (let at = Math.max(0, Math.floor(from)); at < Math.min(sourceSize, Math.ceil(to)); at++) {
      const covered = Math.min(to, at + 1) - Math.max(from, at)
      if (covered > 0) parts.push({ at, weight: covered / (to - from) })
    }
    return parts
  })
}

/** One channel, weighted as the eye sees it (ITU-R BT.601). */
export function toGrey(image: PixelImage): PixelImage {
  const { height, width, channels, values } = image
  if (channels === 1) return image
  const grey = new Float32Array(height * width)
  for (let i = 0; i < grey.length; i++) {
    const [r = 0, g = 0, b = 0] = values.subarray(i * channels, i * channels + 3)
    grey[i] = 0.299 * r + 0.587 * g + 0.114 * b
  }
  return { height, width, channels: 1, values: grey }
}

/** The mean of the outermost pixels: the ground that a picture stands on. */
export function borderMean({ height, width, channels, values }: PixelImage): number {
  let [sum, count] = [0, 0]
  for (let y = 0; y < height; y++) {
    const isEdge = y === 0 || y === height - 1
    for (let x = 0; x < width; x += isEdge || width === 1 ? 1 : width - 1) {
      for (let c = 0; c < channels; c++) sum += values[(y * width + x) * channels + c] ?? 0
      count += channels
    }
  }
  return count === 0 ? 0 : sum / count
}
