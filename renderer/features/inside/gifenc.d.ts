// The library comes without types; what we use of it (github.com/mattdesl/gifenc).
declare module 'gifenc' {
  type Palette = [number, number, number][]
  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; /** Milliseconds. */ delay: number; /** 0 for ever. */ repeat: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }
  export function GIFEncoder(): Encoder
  export function quantize(rgba: Uint8Array | Uint8ClampedArray, maxColors: number): Palette
  export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array
}
