import type { AttributionAnswer } from '../../../shared/inspect/answers'
import type { attributionMethods } from '../../../shared/inspect/queries'
import { largestMagnitude, signedIndex } from '../../lib/colour'

export type AttributionMethod = (typeof attributionMethods)[number]

/** How values become colours: from 0 to `limit`, or to both sides of 0. */
export interface MapScale {
  readonly signed: boolean
  readonly limit: number
}

/** 256 colours each, as RGBA bytes. */
export interface MapTables {
  readonly diverging: Uint8ClampedArray
  readonly sequential: Uint8ClampedArray
}

/** Grad-CAM and saliency have no sign; the other two say what speaks for the class and what against it. */
export function scaleOf(method: AttributionMethod, values: Float32Array): MapScale {
  return { signed: method === 'integratedGradients' || method === 'occlusion', limit: largestMagnitude(values) }
}

/** The values' colours, RGBA. */
export function mapRgba(
  values: Float32Array,
  { signed, limit }: MapScale,
  { diverging, sequential }: MapTables,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4)
  values.forEach((value, i) => {
    const at = signed ? signedIndex(value, limit) : positiveIndex(value, limit)
    out.set((signed ? diverging : sequential).subarray(at * 4, at * 4 + 4), i * 4)
  })
  return out
}

function positiveIndex(value: number, limit: number): number {
  return limit > 0 && value > 0 ? Math.round(Math.min(1, value / limit) * 255) : 0
}

export interface Completeness {
  /** Of all attributions. */
  readonly sum: number
  /** The logit less the black picture's, which the sum approaches with the steps. */
  readonly difference: number
  /** How far the sum is off, as a share of the difference; null where that is 0. */
  readonly off: number | null
}

/** The axiom of Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks" (2017), prop. 1; null for other methods. */
export function completenessOf({ values, logit, baselineLogit }: AttributionAnswer): Completeness | null {
  if (baselineLogit === null) return null
  let sum = 0
  for (const value of values) sum += value
  const difference = logit - baselineLogit
  return { sum, difference, off: difference === 0 ? null : Math.abs(sum - difference) / Math.abs(difference) }
}
