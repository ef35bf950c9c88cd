import { z } from 'zod'
import { networkDocumentSchema } from '../network/document'
import { runConfigSchema } from '../training/config'
import { call, gives } from './call'
import type { RunSummary } from './contract'

/** The runs that wait, which are trained one after another. */
export interface QueueState {
  /** Ids of the runs in the state `queued`, the next one first. */
  readonly order: readonly string[]
  /** Why the next one does not begin although nothing trains: the person paused the queue, or the app was started anew. */
  readonly held: 'person' | 'restart' | null
}

const nothing = z.undefined()
/** A run as the window asks for it. */
export const newRunSchema = z.strictObject({
  document: networkDocumentSchema,
  config: runConfigSchema,
  name: z.string().max(200).optional(),
  /** Safetensors to begin with, by the network's own names; what they lack is drawn. */
  weights: z.instanceof(Uint8Array).optional(),
})

const runIds = z.array(z.uuid()).min(1).max(10_000)

export const queueCalls = {
  'queue.get': call(nothing, gives<QueueState>()),
  /** Puts a run behind the others; it begins at once where nothing trains and the queue is not held. */
  'queue.add': call(newRunSchema, gives<RunSummary>()),
  /** Moves a run to a place in the queue, counted from 0. */
  'queue.move': call(z.strictObject({ id: z.uuid(), to: z.int().min(0).max(100_000) }), gives<QueueState>()),
  /**
   * Gives a run that waits other settings. Rejects with `not-found`, with `busy` where it has begun or is an experiment's, whose
   * plan says its settings, and as `queue.add`.
   */
  'queue.configure': call(z.strictObject({ id: z.uuid(), config: runConfigSchema }), gives<RunSummary>()),
  /** Deletes runs that have not begun. */
  'queue.remove': call(z.strictObject({ ids: runIds }), gives<QueueState>()),
  /** The run that trains goes on; the next one does not begin. */
  'queue.pause': call(nothing, gives<QueueState>()),
  'queue.resume': call(nothing, gives<QueueState>()),
} as const

export interface QueueEvents {
  readonly 'queue.changed': QueueState
}
