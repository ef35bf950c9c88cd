import type { LabelledImages } from '../../../shared/data/dataset'
import type { LossConfig, OptimizerConfig } from '../../../shared/training/config'
import type { SoundNetwork } from '../../../shared/network/analyze'
import type { EngineReport } from '../../../shared/training/state'
import type { NamedTensor, NamedTensors } from '../../../shared/formats/tensors'
import type { EngineWeight } from '../../../shared/training/messages'
import type { Probe } from './probe'

/** Trains and runs one network. Engines differ in speed, not in numbers. */
export interface Engine {
  readonly report: EngineReport
  compile(job: EngineJob): Promise<CompiledNetwork>
  /**
   * The network to look into, apart from any that trains: in evaluation mode, or in training mode with the masks of a step's
   * `seed`.
   */
  probe(network: SoundNetwork, seed?: StepInput['seed']): Promise<Probe>
}

export interface EngineJob {
  readonly network: SoundNetwork
  readonly loss: LossConfig
  readonly optimizer: OptimizerConfig
  /** Largest L2 norm of all gradients together, as torch.nn.utils.clip_grad_norm_; no bound where absent or null. */
  readonly clipNorm?: number | null
  /** One for each class, as torch.nn.CrossEntropyLoss(weight=…); equal ones where absent or null. No other loss takes them. */
  readonly classWeights?: readonly number[] | null
  /** Pictures that `indices` count into; null where the network only predicts. */
  readonly data: LabelledImages | null
}

export interface StepInput {
  /** Pictures of this batch, as positions in the job's data. Any count from 1; the last batch of an epoch may be short. */
  readonly indices: Int32Array
  readonly learningRate: number
  /** Two words that tell this step's random masks from all others; each layer mixes in its own name. */
  readonly seed: readonly [number, number]
}

/**
 * Sums over the batch are the caller's: `loss` is the batch's mean, `correct` a count. With class weights the mean is that of
 * PyTorch, the weighted sum over the sum of the labels' weights; a batch whose labels weigh nothing has loss 0.
 */
export interface BatchScore {
  readonly loss: number
  readonly correct: number
}

export interface EvaluationScore extends BatchScore {
  /** How much the mean counts beside those of other pictures: the labels' weights together, or their number. */
  readonly weight: number
}

/**
 * All weights cross this border by PyTorch's names and in PyTorch's layouts (`conv1.weight` is OIHW), whatever the engine
 * keeps inside.
 */
export interface CompiledNetwork {
  setWeights(weights: NamedTensors): void
  /** Every weight, running statistics included. */
  getWeights(): NamedTensors
  /** One weight by name, such as `conv1.weight`; cheap enough to call a few times a second. */
  getWeight(name: string): NamedTensor
  /** Every weight as the engine keeps it: all at once and with no work on the values. `fromEngineWeights` reads it. */
  takeWeights(): readonly EngineWeight[]
  /** Slots by `<weight>.<slot>` (`conv1.weight.exp_avg`, `.exp_avg_sq`, `.momentum_buffer`, `.square_avg`) and `step`. */
  getOptimizerState(): NamedTensors
  setOptimizerState(state: NamedTensors): void
  /** Forward, backward, optimizer step and running statistics, in training mode. With a loss that is not finite nothing changes. */
  trainStep(input: StepInput): BatchScore
  /** In evaluation mode, on the job's data; `indices` of any count, split inside as memory asks. */
  evaluate(data: LabelledImages, indices: Int32Array): EvaluationScore
  /** Logits `[n, classes]` of `n` pictures, float32 NHWC as they enter the network (already normalised). Evaluation mode. */
  predict(pictures: Float32Array, count: number): Float32Array
  /**
   * Loss and the gradient of every trainable weight in training mode, on the job's data, before any clipping; changes nothing.
   * For tests and views.
   */
  gradients(input: Omit<StepInput, 'learningRate'>): { loss: number; gradients: NamedTensors }
  dispose(): void
}
