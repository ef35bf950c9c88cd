/**
 * Gathers requests into one `flush` in an animation frame, at most every `interval` milliseconds. Drawing takes the
 * processor away from the training that is shown, so what is shown follows about four times a second.
 */
export function createPulse(flush: () => void, interval = 250): () => void {
  let last = -Infinity
  let waiting = false

  function frame(): void {
    requestAnimationFrame(() => {
      waiting = false
      last = performance.now()
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
