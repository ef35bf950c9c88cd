import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkDocument } from '../../shared/network/document'
import { readNetwork } from '../../shared/network/parse'

/** A small network that PyTorch trained on MNIST; make_digits.py says how. */
export const digitsWeights = join(import.meta.dirname, 'digits.safetensors')

export interface DigitsTensor {
  /** Without a batch; images are channel first. */
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** Picture, score, row and column of each of the best, by channel. */
export type DigitsRanking = readonly (readonly (readonly [index: number, score: number, row: number, column: number])[])[]

/** What PyTorch finds inside it, about one picture of the test set and about the first `many`. */
export interface Digits {
  readonly network: NetworkDocument
  readonly picture: number
  readonly class: number
  readonly label: number
  /** Of integrated gradients. */
  readonly steps: number
  /** Of the occlusion. */
  readonly patch: number
  readonly stride: number
  /** Of conv2, for `matching`. */
  readonly channel: number
  readonly many: number
  readonly best: number
  readonly activations: Readonly<Record<string, DigitsTensor>>
  readonly probabilities: DigitsTensor
  readonly saliency: DigitsTensor
  /** By layer. */
  readonly gradCam: Readonly<Record<string, DigitsTensor>>
  readonly integratedGradients: DigitsTensor
  readonly baselineLogit: number
  readonly occlusion: DigitsTensor
  readonly matching: DigitsTensor
  readonly logits: DigitsTensor
  readonly losses: DigitsTensor
  /** By layer. */
  readonly topPatches: Readonly<Record<string, { readonly best: DigitsRanking; readonly worst: DigitsRanking }>>
  /** Of conv2. */
  readonly cosinePatches: { readonly best: DigitsRanking; readonly worst: DigitsRanking }
}

export function readDigits(): Digits {
  const stored = JSON.parse(readFileSync(join(import.meta.dirname, 'digits.json'), 'utf8')) as Digits
  return { ...stored, network: readNetwork(stored.network, 'digits.json') }
}
