const sliceMs = 8

/**
 * Runs a generator to its end in slices of a few milliseconds, between which the window can paint. Gives null when
 * `isWanted` says no in between.
 */
export async function runSliced<Result>(
  work: Generator<void, Result>,
  isWanted: () => boolean,
): Promise<Result | null> {
  for (;;) {
    const end = performance.now() + sliceMs
    do {
      const step = work.next()
      if (step.done) return step.value
    } while (performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve))
    if (!isWanted()) return null
  }
}
