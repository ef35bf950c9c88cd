import type { Shape } from '../network/shape'

/**
 * The small set of operations that every layer's `forward` is written against, once for all engines.
 * Images are NHWC with the batch first; `T` is an engine's own handle for a batch of values.
 * Meaning and numbers are PyTorch's (torch.nn.functional) in every case.
 */
export interface Ops<T> {
  /** Cross-correlation plus nothing: add the bias with `biasAdd`. `kernel` is HWIO (`[kh, kw, in/groups, out]`). */
  conv2d(x: T, kernel: T, options: Conv2dOptions): T
  /**
   * torch.nn.functional.conv_transpose2d without its bias: what passes back through `conv2d` to its input. `kernel` is
   * `[kh, kw, out/groups, in]`; group g's channels of `x` make group g's channels of the output. Along one axis
   * `(size - 1) · stride - 2 · padding + dilation · (kernel - 1) + outputPadding + 1` values come out.
   */
  convTranspose2d(x: T, kernel: T, options: ConvTranspose2dOptions): T
  /** Adds a value per channel (the last axis). */
  biasAdd(x: T, bias: T): T
  /** `x [n, in] · w [in, out]`. */
  matMul(x: T, w: T): T
  /** Normalises over batch, height and width; updates the running statistics while training. */
  batchNorm(x: T, weights: BatchNormWeights<T>, options: BatchNormOptions): T
  /**
   * Normalises each example over all of its values, the variance biased, in training and evaluation alike. `scale` and
   * `shift` have the example's own shape (`[height, width, channels]` or `[features]`).
   */
  layerNorm(x: T, weights: AffineWeights<T>, options: { readonly eps: number }): T
  /**
   * Normalises each example's image over height, width and the channels of a group, the variance biased; the groups are
   * runs of `channels / groups` channels. `scale` and `shift` are `[channels]`.
   */
  groupNorm(x: T, weights: AffineWeights<T>, options: { readonly groups: number; readonly eps: number }): T

  relu(x: T): T
  /** `x` above 0, `slope · x` otherwise; at 0 the derivative is `slope`. */
  leakyRelu(x: T, options: { readonly slope: number }): T
  /** As `leakyRelu` with a learned slope: `slope` is `[1]`, or `[channels]` over the last axis. */
  prelu(x: T, slope: T): T
  /** `x` above 0, `alpha · (exp(x) - 1)` otherwise; at 0 the derivative is `alpha`. */
  elu(x: T, options: { readonly alpha: number }): T
  /** `x · Φ(x)` by the error function, or `0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))`. */
  gelu(x: T, options: { readonly approximate: 'none' | 'tanh' }): T
  /** `x · sigmoid(x)` */
  silu(x: T): T
  sigmoid(x: T): T
  tanh(x: T): T
  /** Over the last axis: channels of an image, features of a flat input. */
  softmax(x: T): T

  /** Padding counts as minus infinity. */
  maxPool(x: T, options: PoolOptions): T
  /** Means of windows; what each is divided by: see `AvgPoolOptions`. */
  avgPool(x: T, options: AvgPoolOptions): T
  /** Means of `size` bins: bin i of an axis covers `floor(i · in / out)` up to `ceil((i + 1) · in / out)`, which overlap. */
  adaptiveAvgPool(x: T, options: { readonly size: readonly [number, number] }): T
  /** torch.nn.functional.interpolate; see `interpolation` in `axis-maps.ts` for the exact weights. */
  resize(x: T, options: ResizeOptions): T
  /** Zeros around the image. */
  zeroPad(x: T, sides: Sides): T

  /** To `[n, channels · height · width]`, in PyTorch's order: channel first, then row, then column. */
  flatten(x: T): T
  /**
   * To `shape` (of one example: `[height, width, channels]` or `[features]`), with the values in PyTorch's order on both
   * sides: channel first, then row, then column.
   */
  reshape(x: T, shape: Shape): T

  /** The sum of values of one shape. */
  add(terms: readonly [T, ...T[]]): T
  /** One behind the other along the last axis: channels or features. */
  concatenate(parts: readonly [T, ...T[]]): T
  /**
   * Value by value. One side may be a factor per channel for the other side's image: `[channels]` or `[1, 1, channels]`.
   */
  multiply(a: T, b: T): T

  /** Inverted dropout while training, identity otherwise. `layer` tells the masks of two layers apart. */
  dropout(x: T, options: DropoutOptions): T
}

export interface DropoutOptions {
  readonly rate: number
  readonly layer: string
  /** Whether an image's channels are dropped as a whole, as torch.nn.Dropout2d does. */
  readonly channels: boolean
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

export interface ConvTranspose2dOptions {
  readonly stride: readonly [number, number]
  /** Cut off on both sides of each axis. */
  readonly padding: readonly [number, number]
  /** Rows and columns more at the bottom and right; they hold what the windows give them. */
  readonly outputPadding: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly groups: number
}

/** `ceil_mode` is resolved by the layer: as more padding at the bottom and right. */
export interface PoolOptions {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Sides
  readonly dilation: readonly [number, number]
}

export interface AvgPoolOptions {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  /** Zeros around the image; a window's sum is divided by its places within it only where `countPadding` is set. */
  readonly padding: Sides
  readonly countPadding: boolean
  /** More rows and columns of zeros at the bottom and right, for `ceil_mode`. They never count. */
  readonly excess: readonly [number, number]
}

export interface ResizeOptions {
  readonly size: readonly [number, number]
  readonly mode: 'nearest' | 'bilinear'
  /** Whether the corner pixels' centres coincide, instead of the pictures' edges; for `bilinear` only. */
  readonly alignCorners: boolean
}

/** Null where the layer has none. */
export interface AffineWeights<T> {
  readonly scale: T | null
  readonly shift: T | null
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
