import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabelledImages } from '../../shared/data/dataset'
import type { NamedTensors } from '../../shared/formats/tensors'
import { elementCount } from '../../shared/network/shape'
import { readNetwork } from '../../shared/network/parse'
import type { NetworkDocument } from '../../shared/network/document'
import type { LossConfig, OptimizerConfig } from '../../shared/training/config'

const folder = join(import.meta.dirname, 'data')

/** What PyTorch computed for one network; make_golden.py says how. Names and layouts are PyTorch's. */
export interface GoldenCase {
  readonly name: string
  readonly network: NetworkDocument
  readonly optimizer: OptimizerConfig
  readonly loss: LossConfig
  readonly learningRate: number
  readonly clipNorm: number | null
  readonly classWeights: readonly number[] | null
  readonly data: LabelledImages
  /** The pictures of each of the five steps. */
  readonly batches: readonly Int32Array[]
  readonly initial: NamedTensors
  /** Loss and right answers of each step, in training mode. */
  readonly steps: readonly GoldenScore[]
  /** All pictures after the last step, in evaluation mode. */
  readonly finalScore: GoldenScore
  /** All pictures before the first step, in evaluation mode: `[count, classes]`. */
  readonly logits: GoldenTensor
  readonly finalLogits: GoldenTensor
  /** Of the first batch, in training mode, by weight. */
  readonly gradients: ReadonlyMap<string, GoldenTensor>
  /** Weights and running statistics after the last step. */
  readonly final: ReadonlyMap<string, GoldenTensor>
  /** Optimizer slots after the last step, by `<weight>.<slot>`. */
  readonly slots: ReadonlyMap<string, GoldenTensor>
}

export interface GoldenScore {
  readonly loss: number
  readonly correct: number
  /** L2 norm of all gradients before clipping; where there is a bound. */
  readonly norm?: number
}

export interface GoldenTensor {
  readonly shape: readonly number[]
  /** All values, or those at `floor(i · size / values.length)` of a large tensor. */
  readonly values: Float32Array
  /** Sum of the absolute values of all; null where all are stored. */
  readonly absSum: number | null
}

export interface StoredTensor {
  readonly shape: readonly number[]
  readonly offset: number
  readonly abs_sum?: number
}

export interface InitialSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly seed: number
  readonly low: number
  readonly high: number
}

interface StoredCase {
  readonly network: unknown
  readonly optimizer: OptimizerConfig
  readonly loss: LossConfig
  readonly learning_rate: number
  readonly clip_norm?: number
  readonly class_weights?: readonly number[]
  readonly images: { readonly shape: readonly [number, number, number, number]; readonly offset: number }
  readonly labels: readonly number[]
  readonly batches: readonly (readonly number[])[]
  readonly initial: readonly InitialSpec[]
  readonly steps: readonly GoldenScore[]
  readonly final_score: GoldenScore
  readonly tensors: Readonly<Record<string, StoredTensor>>
}

/** Samples stored of a large tensor, as in make_golden.py. */
const samples = 2048

export function goldenNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

export function readGolden(name: string): GoldenCase {
  const stored = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as StoredCase
  // A copy, so that offsets are multiples of four from the start of the buffer.
  const bytes = Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer
  const tensors = new Map(Object.entries(stored.tensors).map(([key, entry]) => [key, readTensor(bytes, entry)]))
  const [count, height, width, channels] = stored.images.shape
  return {
    name,
    network: readNetwork(stored.network, name),
    optimizer: stored.optimizer,
    loss: stored.loss,
    learningRate: stored.learning_rate,
    clipNorm: stored.clip_norm ?? null,
    classWeights: stored.class_weights ?? null,
    data: {
      count,
      shape: [height, width, channels],
      images: new Uint8Array(bytes, stored.images.offset, elementCount(stored.images.shape)),
      labels: Uint8Array.from(stored.labels),
    },
    batches: stored.batches.map((batch) => Int32Array.from(batch)),
    initial: new Map(stored.initial.map((spec) => [spec.name, { shape: spec.shape, values: formula(spec) }])),
    steps: stored.steps,
    finalScore: stored.final_score,
    logits: required(tensors, 'logits'),
    finalLogits: required(tensors, 'final_logits'),
    gradients: withPrefix(tensors, 'gradient/'),
    final: withPrefix(tensors, 'final/'),
    slots: withPrefix(tensors, 'slot/'),
  }
}

/** `sampled` is how many values are stored of a large tensor. */
export function readTensor(bytes: ArrayBuffer, entry: StoredTensor, sampled = samples): GoldenTensor {
  const count = entry.abs_sum === undefined ? elementCount(entry.shape) : sampled
  return { shape: entry.shape, values: new Float32Array(bytes, entry.offset, count), absSum: entry.abs_sum ?? null }
}

export function required(tensors: ReadonlyMap<string, GoldenTensor>, name: string): GoldenTensor {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`the golden file lacks ${name}`)
  return tensor
}

export function withPrefix(
  tensors: ReadonlyMap<string, GoldenTensor>,
  prefix: string,
): ReadonlyMap<string, GoldenTensor> {
  const found = [...tensors].filter(([key]) => key.startsWith(prefix))
  return new Map(found.map(([key, tensor]) => [key.slice(prefix.length), tensor]))
}

/** Starting values that make_golden.py computes in the same way, bit for bit. */
export function formula({ shape, seed, low, high }: InitialSpec): Float32Array {
  const start = Math.imul(seed, 0x9e3779b9)
  return Float32Array.from({ length: elementCount(shape) }, (_, index) => {
    const unit = (mix(mix(start + index)) >>> 0) / 4294967296
    return low + (high - low) * unit
  })
}

/** murmur3's finaliser. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
