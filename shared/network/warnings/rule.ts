import type { LossConfig } from '../../training/config'
import type { AnalyzedLayer, NetworkAnalysis } from '../analyze'

/** Codes are closed, for translation as `warning.<code>`. */
export const warningCodes = [
  'no-activation',
  'bias-before-norm',
  'dropout-before-norm',
  'norm-single-value',
  'softmax-before-loss',
  'bounded-logits',
  'no-weights',
  'unused-layer',
  'no-effect',
  'doubled-activation',
  'deep-and-plain',
  'receptive-field',
  'large-dense',
  'pool-drops',
  'stride-skips',
  'kernel-beyond-picture',
] as const
export type WarningCode = (typeof warningCodes)[number]

/** Something that runs, but is rarely meant. */
export interface NetworkWarning {
  readonly code: WarningCode
  readonly layerId: string
  /** `hint`: it costs a little; `warning`: it likely hurts what is learned. */
  readonly level: 'hint' | 'warning'
  /** An English sentence that names the layers and numbers; `params` fill the translated one. */
  readonly message: string
  readonly params: Readonly<Record<string, string | number>>
}

export interface WarningOptions {
  /** What the network is to be trained with. */
  readonly loss: LossConfig['type']
  readonly batchSize: number
}

export interface WarningContext {
  readonly analysis: NetworkAnalysis
  readonly options: WarningOptions
  /** The layers that take a layer's output, by its id. */
  readonly consumers: ReadonlyMap<string, readonly AnalyzedLayer[]>
  source(layer: AnalyzedLayer): AnalyzedLayer | null
}

/** Looks at the flat network, and names its layers. */
export type WarningRule = (context: WarningContext) => readonly NetworkWarning[]

/** Layers that mix all their inputs by weights: without something curved between two of them they are one. */
export function isLinearMap({ kind }: AnalyzedLayer): boolean {
  return kind.category === 'convolution' || kind.category === 'dense'
}

export function isBatchNorm({ kind }: AnalyzedLayer): boolean {
  return kind.kind === 'batch_norm2d'
}

/** `[vertical, horizontal]` of a parameter; null where the layer has none of this name. */
export function pairParam({ params }: AnalyzedLayer, name: string): readonly [number, number] | null {
  const value: unknown = params[name]
  if (!Array.isArray(value)) return null
  const [vertical, horizontal] = value as unknown[]
  return typeof vertical === 'number' && typeof horizontal === 'number' ? [vertical, horizontal] : null
}

/** `3 × 3` */
export function times(pair: readonly number[]): string {
  return pair.join(' × ')
}
