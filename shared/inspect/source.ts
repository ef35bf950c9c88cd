import { z } from 'zod'

/** A moment of a run: its weights now, after a stored epoch, or before the first step (epoch 0). */
export const momentSchema = z.discriminatedUnion('type', [
  /** The weights of this instant where the run is active, else its newest checkpoint. */
  z.strictObject({ type: z.literal('now') }),
  /** As the checkpoint of this epoch holds them; 0 is the random start. */
  z.strictObject({ type: z.literal('epoch'), epoch: z.int().min(0) }),
])
export type Moment = z.infer<typeof momentSchema>

/** Whose weights are looked at. */
export const inspectSourceSchema = z.strictObject({ run: z.uuid(), moment: momentSchema })
export type InspectSource = z.infer<typeof inspectSourceSchema>

/** Which moments of a run can be looked at. */
export interface Moments {
  /** Epochs with sound weights on disk, ascending; 0 is the random start. */
  readonly epochs: readonly number[]
  /** Whether the run trains or pauses right now, so that `now` is newer than any checkpoint. */
  readonly live: boolean
}
