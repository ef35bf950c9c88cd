import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabelledImages } from '../../shared/data/dataset'
import type { NamedTensors } from '../../shared/formats/tensors'
import type { NetworkDocument } from '../../shared/network/document'
import { readNetwork } from '../../shared/network/parse'
import {
  formula,
  readTensor,
  required,
  withPrefix,
  type GoldenTensor,
  type InitialSpec,
  type StoredTensor,
} from './read'

const folder = import.meta.dirname

/** What PyTorch computed for a network that make_random.py drew. Names and layouts are PyTorch's. */
export interface RandomCase {
  readonly network: NetworkDocument
  readonly data: LabelledImages
  readonly initial: NamedTensors
  /** In evaluation mode: `[count, classes]`. */
  readonly logits: GoldenTensor
  /** Cross-entropy of all pictures in training mode, with every dropout rate at 0. */
  readonly loss: number
  readonly gradients: ReadonlyMap<string, GoldenTensor>
  /** BatchNorm's running statistics after that pass. */
  readonly statistics: ReadonlyMap<string, GoldenTensor>
}

interface StoredFile {
  readonly samples: number
  readonly cases: readonly {
    readonly network: unknown
    readonly images: InitialSpec & { readonly shape: readonly [number, number, number, number] }
    readonly initial: readonly InitialSpec[]
    readonly tensors: Readonly<Record<string, StoredTensor>>
  }[]
}

export function readRandomCases(): RandomCase[] {
  const { samples, cases } = JSON.parse(readFileSync(join(folder, 'random.json'), 'utf8')) as StoredFile
  // A copy, so that offsets are multiples of four from the start of the buffer.
  const bytes = Uint8Array.from(readFileSync(join(folder, 'random.bin'))).buffer
  return cases.map(({ network, images, initial, tensors: stored }) => {
    const tensors = new Map(
      Object.entries(stored).map(([name, entry]) => [name, readTensor(bytes, entry, samples)] as const),
    )
    const logits = required(tensors, 'logits')
    const [count, height, width, channels] = images.shape
    return {
      network: readNetwork(network, 'random.json'),
      data: {
        count,
        shape: [height, width, channels],
        images: Uint8Array.from(formula(images), (value) => Math.min(Math.floor(value), 255)),
        labels: Uint8Array.from({ length: count }, (_, index) => index % (logits.shape[1] ?? 1)),
      },
      initial: new Map(initial.map((spec) => [spec.name, { shape: spec.shape, values: formula(spec) }])),
      logits,
      loss: required(tensors, 'loss').values[0] ?? NaN,
      gradients: withPrefix(tensors, 'gradient/'),
      statistics: withPrefix(tensors, 'statistic/'),
    }
  })
}
