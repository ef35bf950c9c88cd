import { applyPalette, GIFEncoder, quantize } from 'gifenc'

/** A GIF holds as many colours a frame. */
const mostColours = 256

/** Frames of one size as an animated GIF that repeats for ever. Few colours are kept exactly, more are reduced to 256. */
export function createGif() {
  const encoder = GIFEncoder()
  return {
    /** `pixels` are RGBA bytes; what shines through is not kept. */
    add(pixels: Uint8ClampedArray, width: number, height: number, milliseconds: number): void {
      const exact = exactPalette(pixels)
      const palette = exact?.palette ?? quantize(pixels, mostColours)
      const index = exact?.index ?? applyPalette(pixels, palette)
      encoder.writeFrame(index, width, height, { palette, delay: milliseconds, repeat: 0 })
    },
    finish(): Uint8Array<ArrayBuffer> {
      encoder.finish()
      return new Uint8Array(encoder.bytes())
    },
  }
}

type Palette = [number, number, number][]

/** Null where there are more colours than a palette holds. */
export function exactPalette(pixels: Uint8ClampedArray): { palette: Palette; index: Uint8Array } | null {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4)
  const places = new Map<number, number>()
  const palette: Palette = []
  const index = new Uint8Array(words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0
    let place = places.get(word)
    if (place === undefined) {
      place = palette.length
      if (place === mostColours) return null
      places.set(word, place)
      palette.push([pixels[i * 4] ?? 0, pixels[i * 4 + 1] ?? 0, pixels[i * 4 + 2] ?? 0])
    }
    index[i] = place
  }
  return { palette, index }
}
