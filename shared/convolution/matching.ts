import { forEachTap, outputShape, type ConvolutionCase, type OutputPlace } from './case'

/** How alike a window and a kernel are, by direction alone. */
export interface Similarity {
  /** Sum of the products: what the layer gives before its bias. */
  readonly product: number
  /** Lengths of the window and of the kernel, as vectors. */
  readonly windowNorm: number
  readonly kernelNorm: number
  /** Cosine of the angle between them, -1 to 1; 0 where either is all zero. */
  readonly cosine: number
}

export function similarityAt(of: ConvolutionCase, place: OutputPlace): Similarity {
  let [product, window, kernel] = [0, 0, 0]
  forEachTap(of, place, (input, weight) => {
    const [x, w] = [input < 0 ? 0 : (of.input[input] ?? 0), of.kernel[weight] ?? 0]
    product += x * w
    window += x * x
    kernel += w * w
  })
  return {
    product,
    windowNorm: Math.sqrt(window),
    kernelNorm: Math.sqrt(kernel),
    cosine: cosineOf(product, window, kernel),
  }
}

/** The cosine of the angle between two vectors by their product and their squares; 0 where either is all zero. */
export function cosineOf(product: number, square: number, otherSquare: number): number {
  const lengths = Math.sqrt(square) * Math.sqrt(otherSquare)
  return lengths === 0 ? 0 : Math.min(1, Math.max(-1, product / lengths))
}

/** The cosine between one kernel and every window, `[height, width]` of the output. */
export function matchingMap(of: ConvolutionCase, filter: number): Float64Array {
  const [, height, width] = outputShape(of)
  return Float64Array.from({ length: height * width }, (_, at) => {
    return similarityAt(of, { filter, row: Math.floor(at / width), column: at % width }).cosine
  })
}
