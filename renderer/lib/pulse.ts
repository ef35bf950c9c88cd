import { afterPainting } from './after-paint'

/** Shortest time between two flushes, in milliseconds. */
const shortest = 250
const longest = 1000
/** Drawing may take this share of one core; where it takes longer, it comes less often. */
const share = 0.03

/**
 * Gathers requests into one `flush` in an animation frame. Drawing takes the processor away from the training that is
 * shown, so it comes four times a second at most, and less often, down to once, where a frame takes long to draw.
 */
export function createPulse(flush: () => void): () => void {
  let last = -Infinity
  let interval = shortest
  let waiting = false

  function frame(): void {
    requestAnimationFrame(() => {
      waiting = false
      last = performance.now()
      afterPainting(() => {
        interval = Math.min(longest, Math.max(shortest, (performance.now() - last) / share))
      })
      flush()
    })
  }

  return function request() {
    if (waiting) return
    waiting = true
    const rest = last + interval - performance.now()
    if (rest > 0) setTimeout(frame, rest)
    else frame()
  }
}
