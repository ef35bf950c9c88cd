import type { Picture } from '../../../shared/inspect/queries'
import { afterPainting } from '../../lib/after-paint'

/** Name of the measurements from a pen's movement to the painted maps, for the browser's performance tools and tests. */
export const strokeToMaps = 'stroke-to-maps'

const mostKept = 500
const drawnAt = new WeakMap<Picture, number>()

/** `at` is the pointer event's own time, which is when the hand moved, not when we heard of it. */
export function noteStroke(picture: Picture, at: number): void {
  drawnAt.set(picture, at)
}

/** To be called once a view has drawn what the network makes of `picture`; measures to the frame's end, once a picture. */
export function notePainted(picture: Picture): void {
  const start = drawnAt.get(picture)
  if (start === undefined) return
  drawnAt.delete(picture)
  requestAnimationFrame(() => {
    afterPainting(() => {
      if (performance.getEntriesByName(strokeToMaps).length >= mostKept) performance.clearMeasures(strokeToMaps)
      performance.measure(strokeToMaps, { start, end: performance.now() })
    })
  })
}
