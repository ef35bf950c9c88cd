import type { Conv2dOptions } from '../ops/ops'
import type { InspectQueryType } from './queries'
import type { Statistics } from './statistics'

export interface LayerStatistics extends Statistics {
  readonly layer: string
  /** The layer kind's type, such as `conv2d`. */
  readonly kind: string
  /** Of one picture: `[height, width, channels]` or `[features]`. */
  readonly shape: readonly number[]
}

/** Some channels of a layer's output for one picture. */
export interface MapsPage {
  readonly layer: string
  readonly first: number
  readonly count: number
  /** 1 and 1 for a layer of features, of which each is then one channel. */
  readonly height: number
  readonly width: number
  /** `[count, height, width]` */
  readonly values: Float32Array
}

export interface ActivationsAnswer {
  /** In topological order, the input included. */
  readonly layers: readonly LayerStatistics[]
  readonly pages: readonly MapsPage[]
  /** The network's output, one a class. */
  readonly logits: Float32Array
  readonly probabilities: Float32Array
  /** The true class of a data set's picture; null for an own one. */
  readonly label: number | null
}

/** One convolution on one picture. Images are channel first here: `[channels, height, width]`. */
export interface ConvolutionAnswer {
  readonly layer: string
  readonly inputShape: readonly [channels: number, height: number, width: number]
  readonly input: Float32Array
  /** `[out, in/groups, kh, kw]` */
  readonly kernelShape: readonly [number, number, number, number]
  readonly kernel: Float32Array
  /** `[out]`; null where the layer has none. */
  readonly bias: Float32Array | null
  readonly options: Conv2dOptions
  readonly outputShape: readonly [channels: number, height: number, width: number]
  readonly output: Float32Array
}

export interface KernelsAnswer {
  readonly layer: string
  /** `[out, in/groups, kh, kw]` */
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface AttributionAnswer {
  readonly height: number
  readonly width: number
  /**
   * `[height, width]`. Grad-CAM: 0 and up, on the layer's own grid; all others on the picture's. Saliency: |gradient|, the largest
   * over the channels. Integrated gradients: signed, summed over the channels. Occlusion: how far the class's logit falls where
   * the square is, signed, the mean over all squares that cover the pixel.
   */
  readonly values: Float32Array
  /** The class's logit and probability for the picture as it is. */
  readonly logit: number
  readonly probability: number
  /** Integrated gradients: the class's logit for the black picture, from which the path starts; else null. */
  readonly baselineLogit: number | null
  /** Grad-CAM: the layer that was weighed, else null. */
  readonly layer: string | null
}

export interface MaximiseAnswer {
  /** `[height, width, channels]`, 0 to 1. */
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** The unit's activation before each iteration and at the end. */
  readonly history: Float32Array
}

export interface Patch {
  /** The picture's place in the split. */
  readonly index: number
  readonly label: number
  /** The activation before any later layer, or the cosine. */
  readonly score: number
  /** The unit's place in the layer's map. */
  readonly row: number
  readonly column: number
  /** What of the picture the unit sees; may reach over its edges. Pixels. */
  readonly window: { readonly top: number; readonly left: number; readonly height: number; readonly width: number }
}

export interface TopPatchesAnswer {
  readonly layer: string
  readonly channels: readonly {
    readonly channel: number
    readonly best: readonly Patch[]
    /** Empty unless `worst` was asked for. */
    readonly worst: readonly Patch[]
  }[]
  /** Pictures that were looked through. */
  readonly looked: number
}

export interface MatchingAnswer {
  readonly height: number
  readonly width: number
  /** `[height, width]`: cosine of the angle between window and kernel, -1 to 1; 0 where either is all zero. */
  readonly cosine: Float32Array
  /** `[height, width]`: the layer's own output, bias included. */
  readonly response: Float32Array
}

export interface PredictionsAnswer {
  readonly count: number
  readonly classes: number
  /** True classes, `[count]`, in the split's order. */
  readonly labels: Uint8Array
  /** `[count, classes]` */
  readonly logits: Float32Array
  /** Cross-entropy in nats, `[count]`. */
  readonly losses: Float32Array
}

export interface EmbeddingAnswer {
  /** The layer whose features were embedded. */
  readonly layer: string
  /** Places in the split, `[count]`. */
  readonly indices: Int32Array
  readonly labels: Uint8Array
  readonly predicted: Uint8Array
  readonly x: Float32Array
  readonly y: Float32Array
}

export interface InspectAnswers {
  readonly activations: ActivationsAnswer
  readonly convolution: ConvolutionAnswer
  readonly kernels: KernelsAnswer
  readonly attribution: AttributionAnswer
  readonly maximise: MaximiseAnswer
  readonly topPatches: TopPatchesAnswer
  readonly matching: MatchingAnswer
  readonly predictions: PredictionsAnswer
  readonly embedding: EmbeddingAnswer
}
export type InspectAnswer = InspectAnswers[InspectQueryType]

/** How far a long question is; `partial` is what is known so far, where that can be shown. */
export interface InspectProgress {
  readonly request: string
  readonly done: number
  readonly total: number
  readonly partial: InspectAnswer | null
}
