import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** What PyTorch finds inside a network for some pictures, in evaluation mode. All images are channel first. */
export interface InsideCase {
  readonly name: string
  readonly network: NetworkDocument
  readonly initial: NamedTensors
  readonly count: number
  /** uint8, `[count, height, width, channels]` */
  readonly images: Uint8Array
  /** Outputs by layer, the input's included. */
  readonly activations: ReadonlyMap<string, GoldenTensor>
  /** The class whose logit was differentiated. */
  readonly logit: number
  readonly inputGradient: GoldenTensor
  /** Of the last layer with height and width; null where there is none. */
  readonly pictured: {
    readonly layer: string
    /** The logit's, by the layer. */
    readonly gradient: GoldenTensor
    /** `[count, height, width]` */
    readonly gradCam: GoldenTensor
    /** Of the mean of the layer's first channel, by the picture. */
    readonly unitGradient: GoldenTensor
  } | null
}

interface StoredFile {
  readonly samples: number
  readonly cases: readonly {
    readonly name: string
    readonly network: unknown
    readonly images: InitialSpec
    readonly initial: readonly InitialSpec[]
    readonly logit: number
    readonly layer: string | null
    readonly tensors: Readonly<Record<string, StoredTensor>>
  }[]
}

export function readInsideCases(): InsideCase[] {
  const { samples, cases } = JSON.parse(readFileSync(join(folder, 'inside.json'), 'utf8')) as StoredFile
  // A copy, so that offsets are multiples of four from the start of the buffer.
  const bytes = Uint8Array.from(readFileSync(join(folder, 'inside.bin'))).buffer
  return cases.map(({ name, network, images, initial, logit, layer, tensors: stored }) => {
    const tensors = new Map(
      Object.entries(stored).map(([key, entry]) => [key, readTensor(bytes, entry, samples)] as const),
    )
    return {
      name,
      network: readNetwork(network, 'inside.json'),
      initial: new Map(initial.map((spec) => [spec.name, { shape: spec.shape, values: formula(spec) }])),
      count: images.shape[0] ?? 0,
      images: Uint8Array.from(formula(images), (value) => Math.min(Math.floor(value), 255)),
      activations: withPrefix(tensors, 'activation/'),
      logit,
      inputGradient: required(tensors, 'input_gradient'),
      pictured: layer === null ? null : picturedOf(layer, tensors),
    }
  })
}

function picturedOf(layer: string, tensors: ReadonlyMap<string, GoldenTensor>): InsideCase['pictured'] {
  return {
    layer,
    gradient: required(tensors, 'layer_gradient'),
    gradCam: required(tensors, 'grad_cam'),
    unitGradient: required(tensors, 'unit_gradient'),
  }
}
