/**
 * The small set of operations that every layer's `forward` is written against, once for all engines.
 * Images are NHWC with the batch first; `T` is an engine's own handle for a batch of values.
 * Meaning and numbers are PyTorch's (torch.nn.functional) in every case.
 */
export interface Ops<T> {
  /** Cross-correlation plus nothing: add the bias with `biasAdd`. `kernel` is HWIO (`[kh, kw, in/groups, out]`). */
  conv2d(x: T, kernel: T, options: Conv2dOptions): T
  /** Adds a value per channel (the last axis). */
  biasAdd(x: T, bias: T): T
  /** `x [n, in] · w [in, out]`. */
  matMul(x: T, w: T): T
  /** Normalises over batch, height and width; updates the running statistics while training. */
  batchNorm(x: T, weights: BatchNormWeights<T>, options: BatchNormOptions): T
  relu(x: T): T
  /** Padding counts as minus infinity. */
  maxPool(x: T, options: PoolOptions): T
  /** To `[n, channels · height · width]`, in PyTorch's order: channel first, then row, then column. */
  flatten(x: T): T
  /** Inverted dropout while training, identity otherwise. `layer` tells the masks of two layers apart. */
  dropout(x: T, options: { readonly rate: number; readonly layer: string }): T
}

export interface Sides {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export interface Conv2dOptions {
  /** `[vertical, horizontal]`, as everywhere. */
  readonly stride: readonly [number, number]
  /** Zeros around the input, resolved to numbers (`same` and `valid` are resolved by the layer). */
  readonly padding: Sides
  readonly dilation: readonly [number, number]
  readonly groups: number
}

export interface PoolOptions {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Sides
  readonly dilation: readonly [number, number]
}

export interface BatchNormWeights<T> {
  /** gamma; null where the layer is not affine. */
  readonly scale: T | null
  /** beta; null where the layer is not affine. */
  readonly shift: T | null
  readonly runningMean: T
  readonly runningVar: T
}

export interface BatchNormOptions {
  readonly eps: number
  /** PyTorch's sense: running = (1 - momentum) · running + momentum · batch, the variance unbiased. */
  readonly momentum: number
}
