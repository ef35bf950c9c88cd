import { AppError } from '../../shared/errors'
import type { NamedTensors } from '../../shared/formats/tensors'

export interface Whereabouts {
  readonly epoch: number
  readonly step: number
  /** The newest good one, relative to the run's folder. */
  readonly checkpoint: string | null
}

/** What was found not to be finite. */
export type Quantity = 'loss' | 'validation-loss' | 'test-loss' | { readonly weight: string }

/** It turned into NaN or Infinity: the run ends, and nothing of this is saved. */
export function notANumber(quantity: Quantity, value: number, { epoch, step, checkpoint }: Whereabouts): AppError {
  const kept = checkpoint === null ? 'No weights were saved before.' : `The last good weights are ${checkpoint}.`
  const what = typeof quantity === 'string' ? `The ${quantity.replace('-', ' ')}` : `The weight ${quantity.weight}`
  return new AppError('not-a-number', `${what} became ${value} at step ${step}, in epoch ${epoch}. ${kept}`, {
    fix: 'Try a lower learning rate.',
    params: {
      ...(typeof quantity === 'string' ? { quantity } : { quantity: 'weight', weight: quantity.weight }),
      value: String(value),
      epoch,
      step,
      checkpoint: checkpoint ?? '',
    },
  })
}

/** Throws `not-a-number` naming the first weight that is not finite. */
export function requireFinite(weights: NamedTensors, at: Whereabouts): void {
  for (const [name, { values }] of weights) {
    const value = firstNotFinite(values)
    if (value !== null) throw notANumber({ weight: name }, value, at)
  }
}

/** Millions of values before each checkpoint: one pass without a branch, since 0 · x is 0 for every finite x. */
function firstNotFinite(values: Float32Array): number | null {
  let probe = 0
  for (let i = 0; i < values.length; i++) probe += 0 * (values[i] ?? 0)
  if (probe === 0) return null
  return values.find((value) => !Number.isFinite(value)) ?? null
}
