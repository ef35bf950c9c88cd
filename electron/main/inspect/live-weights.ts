import type { HandedOver } from '../runs/run-service'

/** How long weights of a run that trains count as those of now: a person sees no shorter time. */
const freshMs = 1000
/** Handing weights over may take this share of a training's time at most. */
const costShare = 0.01

export interface LiveWeightsOptions {
  /** Has the training hand its weights over; null where it does not. */
  readonly fetch: () => Promise<HandedOver | null>
  /** The step at which the run rests; null while it trains. */
  readonly restsAt: () => number | null
  readonly now?: () => number
}

/** The weights of a run under way, taken no oftener than the training bears. */
export interface LiveWeightsKeeper {
  /** The number under which the weights of now were handed over; null where the run gives none. */
  current(): Promise<number | null>
}

export function keepLiveWeights({ fetch, restsAt, now = Date.now }: LiveWeightsOptions): LiveWeightsKeeper {
  let newest: (HandedOver & { readonly takenAt: number; readonly restedAt: number | null }) | null = null
  let fetching: Promise<number | null> | null = null

  function isFresh({ takenAt, restedAt, milliseconds }: NonNullable<typeof newest>): boolean {
    if (restedAt !== null && restedAt === restsAt()) return true
    return now() - takenAt < Math.max(freshMs, milliseconds / costShare)
  }

  async function renew(): Promise<number | null> {
    const restedAt = restsAt()
    const handed = await fetch()
    if (handed) newest = { ...handed, takenAt: now(), restedAt: restedAt === handed.step ? restedAt : null }
    return newest?.number ?? null
  }

  return {
    current() {
      if (newest && isFresh(newest)) return Promise.resolve(newest.number)
      fetching ??= renew().finally(() => (fetching = null))
      return fetching
    },
  }
}
