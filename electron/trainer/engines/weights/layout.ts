import type { NamedTensor } from '../../../../shared/formats/tensors'
import type { WeightLayout, WeightSpec } from '../../../../shared/layers/define'
import { transposed } from './transpose'

type Layout = Pick<WeightSpec, 'layout' | 'shape'>

/** Axes of PyTorch's shape in the engines' order. */
const engineAxes: Readonly<Record<WeightLayout, readonly number[]>> = {
  conv: [2, 3, 1, 0],
  conv_transpose: [2, 3, 1, 0],
  linear: [1, 0],
  vector: [0],
  image: [1, 2, 0],
}

/** The shape of a weight inside the engines: OIHW becomes HWIO, CHW becomes HWC, `[out, in]` becomes `[in, out]`. */
export function engineShape({ layout, shape }: Layout): number[] {
  return engineAxes[layout].map((axis) => shape[axis] ?? 1)
}

/** Values in the engines' layout, as a copy. `values` lie in PyTorch's. */
export function toEngine(spec: Layout, values: Float32Array): Float32Array {
  const [out, perOut, window] = threeAxes(spec)
  return reverseAxes(values, out, perOut, window)
}

/** The reverse of `toEngine`, with the shape that PyTorch gives the weight. */
export function toTorch(spec: Layout, values: Float32Array): NamedTensor {
  const [out, perOut, window] = threeAxes(spec)
  return { shape: spec.shape, values: reverseAxes(values, window, perOut, out) }
}

/** Every layout is `[out, in, window]` in PyTorch and `[window, in, out]` in the engines; missing axes count as 1. */
function threeAxes({ layout, shape }: Layout): [number, number, number] {
  if (layout === 'image') return [shape[0] ?? 1, 1, (shape[1] ?? 1) * (shape[2] ?? 1)]
  const [out = 1, perOut = 1, height = 1, width = 1] = shape
  return [out, perOut, height * width]
}

/** `[a, b, c]` to `[c, b, a]`, as a copy. */
function reverseAxes(values: Float32Array, a: number, b: number, c: number): Float32Array {
  if (b * c === 1 || a * b === 1) return values.slice()
  if (c === 1) return transposed(values, a, b)
  if (a === 1) return transposed(values, b, c)
  const turned = new Float32Array(values.length)
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) turned[(k * b + j) * a + i] = values[(i * b + j) * c + k] ?? 0
    }
  }
  return turned
}
