/** Ends a wait for a process that has hung. */
export interface SilenceWatch {
  /** It gave a sign of life. */
  heard(): void
  /** Seconds without one after which it counts as hung. */
  limit: number
  /** While false, it may be as quiet as it likes. */
  watching: boolean
  end(): void
}

/**
 * Calls `onSilent` once with the seconds of silence. Ticks are counted rather than time, so that a computer that slept does not
 * look like a process that hangs.
 */
export function watchSilence(limit: number, onSilent: (seconds: number) => void): SilenceWatch {
  let silence = 0
  const watch: SilenceWatch = {
    heard() {
      silence = 0
    },
    limit,
    watching: true,
    end() {
      clearInterval(timer)
    },
  }
  const timer = setInterval(() => {
    if (!watch.watching) return
    silence += 1
    if (silence < watch.limit) return
    clearInterval(timer)
    onSilent(watch.limit)
  }, 1000)
  return watch
}
