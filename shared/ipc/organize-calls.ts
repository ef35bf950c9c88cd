import { z } from 'zod'
import { axes } from '../metrics/run-axis'
import { call, gives } from './call'

// Keeping many runs in order, and their curves over each other.

const runIds = z.array(z.uuid()).max(100_000)
const tags = z.array(z.string().trim().min(1).max(60)).max(100)

const metrics = ['trainLoss', 'validationLoss', 'trainAccuracy', 'validationAccuracy', 'learningRate'] as const

const seriesQuerySchema = z.strictObject({
  ids: runIds,
  /** Losses and learning rates of each step, except that what validation gives is of each epoch. */
  metric: z.enum(metrics),
  axis: z.enum(axes),
  /** The stretch of the axis that is wanted, in its units; null for all. */
  range: z.tuple([z.number(), z.number()]).nullable(),
  /** Each line has at most twice as many points. */
  columns: z.int().min(2).max(8192),
  /** Weight of the exponential moving average over steps; 0 for none. */
  smoothing: z.number().min(0).max(0.999),
  /** Also the steps as they are, where they are smoothed. */
  raw: z.boolean(),
})
export type SeriesQuery = z.infer<typeof seriesQuerySchema>

/** A stretch of `x` and `y` that is one run's line. */
export interface OverlayLine {
  readonly run: string
  /** Whether it is the unsmoothed one under the smoothed. */
  readonly raw: boolean
  /** Indices `[from, to)`. */
  readonly from: number
  readonly to: number
}

/** Many runs' curves in two columns; runs without values have no line. */
export interface Overlay {
  readonly lines: readonly OverlayLine[]
  readonly x: Float64Array
  readonly y: Float32Array
  /** Both ends of all runs' x, whatever stretch was asked for; null where there is nothing. */
  readonly domain: readonly [number, number] | null
}

export interface DeletedRun {
  readonly id: string
  readonly name: string
  /** Unix milliseconds. */
  readonly deletedAt: number
}

export const organizeCalls = {
  /** What changes is told by `runs.changed`; all runs or none. */
  'runs.tag': call(z.strictObject({ ids: runIds, add: tags, remove: tags }), gives<undefined>()),
  'runs.setNote': call(z.strictObject({ id: z.uuid(), note: z.string().max(100_000) }), gives<undefined>()),
  'runs.pin': call(z.strictObject({ ids: runIds, pinned: z.boolean() }), gives<undefined>()),
  'runs.archive': call(z.strictObject({ ids: runIds, archived: z.boolean() }), gives<undefined>()),
  /** They can be brought back for 30 days. Throws `busy` where one still trains; all runs or none. */
  'runs.delete': call(z.strictObject({ ids: runIds }), gives<undefined>()),
  'runs.restore': call(z.strictObject({ ids: runIds }), gives<undefined>()),
  /** The last deleted first. */
  'runs.deleted': call(z.undefined(), gives<DeletedRun[]>()),
  /** Removes deleted runs and their weights for good. */
  'runs.purge': call(z.strictObject({ ids: runIds }), gives<undefined>()),
  'runs.series': call(seriesQuerySchema, gives<Overlay>()),
} as const
