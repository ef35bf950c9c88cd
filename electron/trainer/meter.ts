/** A clock in seconds that stands still while a run is paused. */
export interface WorkClock {
  now(): number
  pause(): void
  resume(): void
}

/** `milliseconds` as performance.now. */
export function createWorkClock(milliseconds: () => number): WorkClock {
  let lost = 0
  let pausedAt: number | null = null
  return {
    now: () => ((pausedAt ?? milliseconds()) - lost) / 1000,
    pause() {
      pausedAt ??= milliseconds()
    },
    resume() {
      if (pausedAt !== null) lost += milliseconds() - pausedAt
      pausedAt = null
    },
  }
}

/** Pictures a second over the last seconds of work, so that a change of speed shows soon and single steps do not jump. */
export interface RateMeter {
  /** `seconds` by the work clock, `images` counted over the whole run. */
  sample(seconds: number, images: number): void
  /** 0 until two samples are there. */
  rate(): number
  /** After a gap without training (validation), which must not count. */
  restart(seconds: number, images: number): void
}

export function createRateMeter(windowSeconds = 3): RateMeter {
  let samples: { seconds: number; images: number }[] = []
  let last = 0
  return {
    sample(seconds, images) {
      samples.push({ seconds, images })
      while (samples.length > 2 && (samples[0]?.seconds ?? 0) < seconds - windowSeconds) samples.shift()
    },
    rate() {
      const first = samples[0]
      const newest = samples.at(-1)
      if (first && newest && newest.seconds > first.seconds) {
        last = (newest.images - first.images) / (newest.seconds - first.seconds)
      }
      return last
    },
    restart(seconds, images) {
      samples = [{ seconds, images }]
    },
  }
}
