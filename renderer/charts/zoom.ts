/** A stretch of an axis, in its units. */
export type Stretch = readonly [number, number]

/** `shown` by another factor of its length, with `centre` where it was; null for all of `domain`. */
export function zoomed(shown: Stretch, domain: Stretch, centre: number, factor: number, least: number): Stretch | null {
  const span = shown[1] - shown[0]
  const next = Math.max(span * factor, Math.min(least, span))
  if (next >= domain[1] - domain[0]) return null
  return within(centre - ((centre - shown[0]) / span) * next, next, domain)
}

/** `shown` moved by as little as brings `x` into it. */
export function following(shown: Stretch, domain: Stretch, x: number): Stretch {
  if (x >= shown[0] && x <= shown[1]) return shown
  const span = shown[1] - shown[0]
  return within(x < shown[0] ? x : x - span, span, domain)
}

/** What is shown, or null where that is all there is: rounding aside, as wheels and hands come back to it. */
export function orAll(shown: Stretch, domain: Stretch): Stretch | null {
  const close = (domain[1] - domain[0]) * 1e-6
  return shown[0] <= domain[0] + close && shown[1] >= domain[1] - close ? null : shown
}

function within(from: number, span: number, domain: Stretch): Stretch {
  const start = Math.max(domain[0], Math.min(from, domain[1] - span))
  return [start, start + span]
}

/** The one before where its ends are the same, so that nothing is drawn anew for it. */
export function kept<Kind extends Stretch | null>(before: Kind | undefined, next: Kind): Kind {
  return before && next && before[0] === next[0] && before[1] === next[1] ? before : next
}
