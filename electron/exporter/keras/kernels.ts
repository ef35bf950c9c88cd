import type { NamedTensor } from '../../../shared/formats/tensors'

type Kernel = NamedTensor

/**
 * A kernel `[kh, kw, a, b]` with `dilation - 1` zeros between its rows and columns: it computes undilated what it would
 * dilated.
 */
export function spreadKernel(kernel: Kernel, dilation: readonly [number, number]): Kernel {
  const [kh = 1, kw = 1, a = 1, b = 1] = kernel.shape
  if (dilation[0] === 1 && dilation[1] === 1) return kernel
  const [height, width] = [dilation[0] * (kh - 1) + 1, dilation[1] * (kw - 1) + 1]
  const values = new Float32Array(height * width * a * b)
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < kw; x++) {
      const from = (y * kw + x) * a * b
      values.set(kernel.values.subarray(from, from + a * b), (y * dilation[0] * width + x * dilation[1]) * a * b)
    }
  }
  return { shape: [height, width, a, b], values }
}

/** A grouped convolution's `[kh, kw, in / groups, out]` as one of all channels, `[kh, kw, in, out]`, zero between groups. */
export function wholeKernel(kernel: Kernel, groups: number): Kernel {
  const [kh = 1, kw = 1, perGroup = 1, out = 1] = kernel.shape
  const each = out / groups
  return fill([kh, kw, perGroup * groups, out], (values, at) => {
    for (let inner = 0; inner < perGroup; inner++) {
      for (let o = 0; o < out; o++) {
        const row = Math.floor(o / each) * perGroup + inner
        values[(at * perGroup * groups + row) * out + o] = kernel.values[(at * perGroup + inner) * out + o] ?? 0
      }
    }
  })
}

/** The same of a transposed convolution: `[kh, kw, out / groups, in]` to `[kh, kw, out, in]`. */
export function wholeTransposedKernel(kernel: Kernel, groups: number): Kernel {
  const [kh = 1, kw = 1, perGroup = 1, entering = 1] = kernel.shape
  const each = entering / groups
  return fill([kh, kw, perGroup * groups, entering], (values, at) => {
    for (let inner = 0; inner < perGroup; inner++) {
      for (let i = 0; i < entering; i++) {
        const row = Math.floor(i / each) * perGroup + inner
        values[(at * perGroup * groups + row) * entering + i] =
          kernel.values[(at * perGroup + inner) * entering + i] ?? 0
      }
    }
  })
}

/** `[kh, kw, 1, channels · times]` as Keras keeps depthwise kernels: `[kh, kw, channels, times]`. */
export function depthwiseKernel(kernel: Kernel, channels: number): Kernel {
  const [kh = 1, kw = 1, , out = 1] = kernel.shape
  return { shape: [kh, kw, channels, out / channels], values: kernel.values }
}

function fill(
  shape: readonly [number, number, number, number],
  place: (values: Float32Array, at: number) => void,
): Kernel {
  const values = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3])
  for (let at = 0; at < shape[0] * shape[1]; at++) place(values, at)
  return { shape, values }
}
