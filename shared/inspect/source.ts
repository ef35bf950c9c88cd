import { z } from 'zod'

/** A moment of a run: its weights now, after a stored epoch, or before the first step (epoch 0). */
export const momentSchema = z.discriminatedUnion('type', [
  /** The weights of this instant where the run is active, else its newest checkpoint. */
  z.strictObject({ type: z.literal('now') }),
  /** As the checkpoint of this epoch holds them; 0 is the random start. */
  z.strictObject({ type: z.literal('epoch'), epoch: z.int().min(0) }),
  /** As a checkpoint within an epoch holds them: after `epoch` whole ones and `step` steps of the next. */
  z.strictObject({ type: z.literal('step'), epoch: z.int().min(0), step: z.int().min(1) }),
])
export type Moment = z.infer<typeof momentSchema>
/** A moment whose weights lie on the disk. */
export type StoredMoment = Exclude<Moment, { readonly type: 'now' }>

export function isSameMoment(a: Moment, b: Moment): boolean {
  return momentKey(a) === momentKey(b)
}

/** One key for each moment of a run. */
export function momentKey(moment: Moment): string {
  if (moment.type === 'now') return 'now'
  return moment.type === 'epoch' ? `${moment.epoch}` : `${moment.epoch}+${moment.step}`
}

/** Negative where `a` comes before `b` in the training. */
export function compareMoments(a: StoredMoment, b: StoredMoment): number {
  return a.epoch - b.epoch || stepIn(a) - stepIn(b)
}

function stepIn(moment: StoredMoment): number {
  return moment.type === 'step' ? moment.step : 0
}

/** Whose weights are looked at. */
export const inspectSourceSchema = z.strictObject({ run: z.uuid(), moment: momentSchema })
export type InspectSource = z.infer<typeof inspectSourceSchema>

/** Which moments of a run can be looked at. */
export interface Moments {
  /** Those with sound weights on disk, in the training's order; epoch 0 is the random start. They come and go while a run trains. */
  readonly stored: readonly StoredMoment[]
  /** Which of them `now` is, unless the run is live; null where it has none. */
  readonly newest: StoredMoment | null
  /** Whether the run trains or pauses right now, so that `now` is newer than any checkpoint. */
  readonly live: boolean
}
