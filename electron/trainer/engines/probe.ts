import type { NamedTensors } from '../../../shared/formats/tensors'
import type { Shape } from '../../../shared/network/shape'

/** What a layer holds for each picture of a batch: outputs, or gradients by them. */
export interface LayerValues {
  /** Of one picture, without the batch. */
  readonly shape: Shape
  /** `[count, ...shape]`. Not to be changed: layers that hand their input on may share it with that. */
  readonly values: Float32Array
}

export interface GradientQuestion {
  /** float32 NHWC, as they enter the network (already normalised). */
  readonly pictures: Float32Array
  readonly count: number
  readonly of: {
    readonly layer: string
    /** `[count, ...shape of the layer]`: how much each of its values counts. */
    readonly seed: Float32Array
  }
  /** Layers, the input included. */
  readonly by: readonly string[]
}

export interface GradientAnswer {
  /** Of the layer asked about. */
  readonly output: LayerValues
  /** Zeros for a layer that the one asked about does not depend on. */
  readonly gradients: ReadonlyMap<string, LayerValues>
}

/**
 * A network in evaluation mode whose every layer can be looked at: nothing is fused or put into another order. Layers are
 * named by their ids; weights are in PyTorch's names and layouts. One that was not given weights has none to speak of.
 */
export interface Probe {
  setWeights(weights: NamedTensors): void
  /** Outputs of `layers` for `count` pictures, float32 NHWC as they enter. Only these and what they depend on is computed. */
  activations(pictures: Float32Array, count: number, layers: readonly string[]): ReadonlyMap<string, LayerValues>
  /** `d(sum of seed · output) / d(output of each of "by")`. */
  gradients(question: GradientQuestion): GradientAnswer
  dispose(): void
}
