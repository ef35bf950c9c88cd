import type { Shape } from '../network/shape'

/** One layer in the words of PyTorch and of Keras. Both must compute the same from the same weights. */
export interface LayerCode<P> {
  torch(context: CodeContext<P>): TorchCode
  /**
   * One or more expressions; each is assigned to `context.output` in turn, so that from the second on they read it.
   * Images are channels_last. A layer that holds weights is named by the layer's id, or `<id>-<part>`.
   */
  keras(context: CodeContext<P>): readonly [string, ...string[]]
}

/** A module that `__init__` makes and `forward` calls with what enters, or an expression in `forward` alone. */
export type TorchCode = { readonly module: string } | { readonly forward: string }

export interface CodeContext<P> {
  /** The layer's id. */
  readonly layer: string
  readonly params: P
  readonly inputShapes: readonly Shape[]
  readonly shape: Shape
  /** Variables that hold what enters. */
  readonly inputs: readonly [string, ...string[]]
  /** The variable that takes the result. */
  readonly output: string
}
