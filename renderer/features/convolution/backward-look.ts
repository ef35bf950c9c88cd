import { contributions, type Contribution } from '../../../shared/convolution/backward'
import { channelsOf, indexOf, type ConvolutionCase } from '../../../shared/convolution/case'

/** Which outputs pass their gradient on: the one that is looked at, all up to it, or all. */
export const backwardScopes = ['one', 'soFar', 'all'] as const
export type BackwardScope = (typeof backwardScopes)[number]

/** A value whose gradient is looked into. */
export interface GradientOf {
  readonly tensor: 'input' | 'kernel'
  /** In the tensor. */
  readonly index: number
}

/** Where the gradient of one value comes from. */
export interface GradientOrigin {
  readonly by: GradientOf
  readonly parts: readonly Contribution[]
  readonly total: number
  /** Positions in `input`, `kernel` and the output of all that contributes. */
  readonly inputs: ReadonlySet<number>
  readonly kernels: ReadonlySet<number>
  readonly outputs: ReadonlySet<number>
}

export function scopeRange(scope: BackwardScope, at: number, count: number): readonly [first: number, end: number] {
  if (scope === 'all') return [0, count]
  return scope === 'one' ? [at, at + 1] : [0, at + 1]
}

export function originOf(
  of: ConvolutionCase,
  gradient: Float64Array,
  by: GradientOf,
  [first, end]: readonly [number, number],
): GradientOrigin {
  const parts = contributions(of, gradient, by, first, end)
  return {
    by,
    parts,
    total: parts.reduce((sum, part) => sum + part.gradient * part.factor, 0),
    inputs: new Set(parts.map((part) => part.inputIndex)),
    kernels: new Set(parts.map((part) => part.kernelIndex)),
    outputs: new Set(parts.map((part) => indexOf(of, part))),
  }
}

/** As it is written, such as `dx[0, 4, 2]` or `dw1[:, 0]`: row, column, channel. */
export function gradientName(of: ConvolutionCase, { tensor, index }: GradientOf): string {
  const [, perGroup, kernelHeight, kernelWidth] = of.kernelShape
  const [, height, width] = of.inputShape
  if (tensor === 'input') {
    const inChannel = index % (height * width)
    return `dx[${Math.floor(inChannel / width)}, ${inChannel % width}, ${Math.floor(index / (height * width))}]`
  }
  const taps = kernelHeight * kernelWidth
  const at = index % taps
  const filter = Math.floor(index / (perGroup * taps))
  const channel = Math.floor(index / taps) % perGroup
  return `dw${filter}[${Math.floor(at / kernelWidth)}, ${at % kernelWidth}, ${channel}]`
}

/** The filter's channel that meets an input channel; null for one of another group. */
export function filterChannelOf(of: ConvolutionCase, filter: number, channel: number): number | null {
  const { first, count } = channelsOf(of, filter)
  return channel >= first && channel < first + count ? channel - first : null
}
