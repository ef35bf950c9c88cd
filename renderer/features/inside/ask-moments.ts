import type { InspectAnswers } from '../../../shared/inspect/answers'
import type { InspectQueryType, QueryOf } from '../../../shared/inspect/queries'
import type { Moment, Moments } from '../../../shared/inspect/source'
import { AppError } from '../../../shared/errors'
import { ask } from './ask'
import { momentsInOrder } from './use-replay'

/** An animation of more pictures would be long and large. */
export const mostFrames = 200

/** What one moment of a run answers. */
export interface Frame<Type extends InspectQueryType> {
  readonly moment: Moment
  readonly answer: InspectAnswers[Type]
}

export interface Gathering {
  readonly isWanted: () => boolean
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Asks the same of the run's moments, one after another, the first and the last among them. A moment whose checkpoint is cleared
 * away meanwhile is left out. Null when the answers are no longer wanted. Rejects with what the last question says where no
 * moment gives an answer, and with anything else but a missing checkpoint.
 */
export async function askMoments<Type extends InspectQueryType>(
  run: string,
  known: Moments,
  query: QueryOf<Type>,
  { isWanted, onProgress }: Gathering,
): Promise<readonly Frame<Type>[] | null> {
  const moments = thinned(momentsInOrder(known), mostFrames)
  const frames: Frame<Type>[] = []
  let missing: AppError | null = null
  for (const [at, moment] of moments.entries()) {
    onProgress(at, moments.length)
    try {
      frames.push({ moment, answer: await ask({ run, moment }, query).answer })
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not-found') throw error
      missing = error
    }
    if (!isWanted()) return null
  }
  if (frames.length === 0 && missing) throw missing
  return frames
}

/** `most` of them at most, evenly, the first and the last among them. */
export function thinned<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))]!)
}
