import type { LiveWeights } from '../../../shared/training/messages'

/** How long weights of a run that trains count as those of now. Nobody sees a shorter time. */
const freshMs = 500
/** Taking weights may cost a training this share of its time at most; handing them over costs as much again. */
const costShare = 0.02

export interface LiveWeightsOptions {
  /** Asks the training; null where it gives none. */
  readonly fetch: () => Promise<LiveWeights | null>
  /** The step at which the run rests; null while it trains. */
  readonly restsAt: () => number | null
  /** Hands new weights on under a number, before anything is asked of them. */
  readonly deliver: (number: number, weights: LiveWeights['weights']) => void
  readonly now?: () => number
}

/** The weights of a run under way, taken no oftener than the training bears. */
export interface LiveWeightsKeeper {
  /** The number under which the weights of now were delivered; null where the run gives none. */
  current(): Promise<number | null>
}

export function keepLiveWeights({ fetch, restsAt, deliver, now = Date.now }: LiveWeightsOptions): LiveWeightsKeeper {
  let number = 0
  let newest: { readonly takenAt: number; readonly goodFor: number; readonly restedAt: number | null } | null = null
  let fetching: Promise<number | null> | null = null

  function isFresh(): boolean {
    if (!newest) return false
    if (newest.restedAt !== null && newest.restedAt === restsAt()) return true
    return now() - newest.takenAt < newest.goodFor
  }

  async function renew(): Promise<number | null> {
    const restedAt = restsAt()
    const live = await fetch()
    if (!live) return newest ? number : null
    number += 1
    const goodFor = Math.max(freshMs, (2 * live.milliseconds) / costShare)
    newest = { takenAt: now(), goodFor, restedAt: restedAt === live.step ? restedAt : null }
    deliver(number, live.weights)
    return number
  }

  return {
    current() {
      if (isFresh()) return Promise.resolve(number)
      fetching ??= renew().finally(() => (fetching = null))
      return fetching
    },
  }
}
