import { z } from 'zod'
import type { WireError } from '../errors'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from './config'
import type { RangeTestResult, RatePoint } from './range-test'

export const rangeSettingsSchema = z
  .strictObject({
    /** Steps at most; fewer where the loss rises before. */
    steps: z.int().min(20).max(10_000).default(100),
    from: z.number().positive().max(100).default(1e-7),
    to: z.number().positive().max(1000).default(10),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'has to be higher than the lowest rate' })
export type RangeSettings = z.infer<typeof rangeSettingsSchema>

/** Tells the trainer's program to test rates in place of training a run. */
export const findRateSchema = z.strictObject({
  type: z.literal('find-rate'),
  document: networkDocumentSchema,
  config: runConfigSchema,
  dataFolders: z.record(z.string(), z.string()),
  range: rangeSettingsSchema,
})
export type FindRateCommand = z.infer<typeof findRateSchema>

/** What it says. The last word is `rate-found` or `failed`. */
export type RangeEvent =
  | { readonly type: 'rate-progress'; readonly points: readonly RatePoint[]; readonly steps: number }
  | { readonly type: 'rate-found'; readonly result: RangeTestResult }
  | { readonly type: 'failed'; readonly error: WireError }
