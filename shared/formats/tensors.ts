/** One float32 tensor in row-major order. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export type NamedTensors = ReadonlyMap<string, NamedTensor>
