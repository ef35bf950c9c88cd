import type { ConvolutionCase } from './case'

/**
 * The case of Stanford's CS231n notes: a picture of 5 × 5 × 3 with one row of zeros around it, two filters of 3 × 3 × 3 that
 * move by 2, an output of 3 × 3 × 2. The numbers are small and whole, so that every sum can be followed in one's head.
 */
export function classicCase(): ConvolutionCase {
  return {
    inputShape: [3, 5, 5],
    // prettier-ignore
    input: Float64Array.from([
      0, 1, 2, 1, 0,
      2, 0, 1, 2, 1,
      1, 2, 0, 0, 2,
      0, 1, 1, 2, 0,
      2, 0, 2, 1, 1,

      1, 0, 0, 2, 1,
      0, 2, 1, 0, 2,
      2, 1, 2, 1, 0,
      1, 0, 0, 2, 2,
      0, 2, 1, 1, 0,

      2, 1, 0, 1, 2,
      1, 0, 2, 0, 1,
      0, 1, 1, 2, 0,
      2, 2, 0, 1, 1,
      1, 0, 2, 0, 2,
    ]),
    kernelShape: [2, 3, 3, 3],
    // prettier-ignore
    kernel: Float64Array.from([
      -1, 0, 1,   1, 1, 0,    0, -1, 1,
      0, 1, -1,   1, 0, 1,    -1, 0, 0,
      1, -1, 0,   0, 1, 1,    0, 0, -1,

      1, 1, -1,   0, -1, 0,   1, 0, 1,
      -1, 0, 1,   0, 1, 0,    1, -1, 0,
      0, 0, 1,    -1, 0, 1,   1, 1, -1,
    ]),
    bias: Float64Array.from([1, 0]),
    options: {
      stride: [2, 2],
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
      dilation: [1, 1],
      groups: 1,
    },
  }
}
