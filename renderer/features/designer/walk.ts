import type { NetworkDocument } from '../../../shared/network/document'
import { consumersOf, layerById } from '../../../shared/network/edit/graph'
import type { Places } from './places'

export type Direction = 'up' | 'down' | 'left' | 'right'

/**
 * The layer that an arrow key goes to: down to the one that takes the output, up to the one that enters, sideways to the
 * nearest that stands there. Where nothing is connected the nearest in that direction; null where there is none.
 */
export function walk(document: NetworkDocument, places: Places, from: string, direction: Direction): string | null {
  if (direction === 'down') {
    const next = consumersOf(document, from)
    const nearest = nearestOf(
      places,
      from,
      next.map((layer) => layer.id),
    )
    if (nearest !== null) return nearest
  }
  if (direction === 'up') {
    const nearest = nearestOf(places, from, layerById(document, from)?.inputs ?? [])
    if (nearest !== null) return nearest
  }
  const start = places.get(from)
  if (!start) return null
  let best: { readonly id: string; readonly distance: number } | null = null
  for (const { id } of document.layers) {
    const place = places.get(id)
    if (!place || id === from) continue
    const [dx, dy] = [place.x - start.x, place.y - start.y]
    const along = { up: -dy, down: dy, left: -dx, right: dx }[direction]
    const across = direction === 'up' || direction === 'down' ? Math.abs(dx) : Math.abs(dy)
    // What stands more beside than ahead is another direction's.
    if (along <= 0 || across > along * 1.5) continue
    const distance = along + 2 * across
    if (!best || distance < best.distance) best = { id, distance }
  }
  return best?.id ?? null
}

function nearestOf(places: Places, from: string, ids: readonly string[]): string | null {
  const start = places.get(from)
  const known = ids.filter((id) => places.has(id))
  const distance = (id: string): number => {
    const place = places.get(id)
    return place && start ? Math.hypot(place.x - start.x, place.y - start.y) : 0
  }
  return known.reduce<string | null>((best, id) => (best === null || distance(id) < distance(best) ? id : best), null)
}
