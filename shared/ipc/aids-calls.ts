import { z } from 'zod'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'
import type { EpochDistributions } from '../training/histograms'
import { rangeSettingsSchema } from '../training/range-messages'
import type { RangeTestResult, RatePoint } from '../training/range-test'
import { call, gives } from './call'

export const aidsCalls = {
  /** Distributions of weights and gradients of the epochs after `after`, in order; none where the run records none. */
  'runs.histograms': call(z.strictObject({ id: z.uuid(), after: z.int().min(0) }), gives<EpochDistributions[]>()),
  /** Tests learning rates on a fresh copy of the network. Rejects with `busy` while a run trains, `cancelled` after a cancel. */
  'rates.find': call(
    z.strictObject({ document: networkDocumentSchema, config: runConfigSchema, range: rangeSettingsSchema }),
    gives<RangeTestResult>(),
  ),
  'rates.cancel': call(z.undefined(), gives<undefined>()),
} as const

export interface AidsEvents {
  /** A test of learning rates has come so far; `steps` at most. */
  readonly 'rates.progress': { readonly points: readonly RatePoint[]; readonly steps: number }
}
