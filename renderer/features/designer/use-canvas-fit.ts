import type { VueFlowStore } from '@vue-flow/core'
import { computed } from 'vue'
import { useDesignView } from '../../stores/design-view'
import { labelBoxes, layerBoxes } from './canvas-boxes'
import { around, fitView, onScreen, revealShift } from './fit-view'
import { mostZoom } from './graph-layout'
import type { Places } from './places'

const margin = 36
/** Smaller than this nobody can read it; then it starts at the upper left. */
const leastZoom = 0.22
/** A smaller network needs no map. */
const fewLayers = 18

/** Bringing the network, or some layers of it, into view. */
export function useCanvasFit(flow: VueFlowStore) {
  const view = useDesignView()
  /** Whether it stays: a map that comes and goes while the canvas is moved would make that stutter. */
  const showsMap = computed(() => view.places.size > fewLayers)

  function fit(): void {
    const shapes = labelBoxes(view.edges, view.places, view.routes, (from) => view.cards.get(from)?.shape ?? '')
    const limits = { least: leastZoom, most: mostZoom, margin }
    const found = fitView([...layerBoxes(view.places), ...shapes], flow.dimensions.value, limits)
    if (found) void flow.setViewport(found)
  }

  /** Moves the canvas as little as needed for these layers to be seen. */
  function reveal(ids: readonly string[]): void {
    const places = new Map([...view.places].filter(([id]) => ids.includes(id)))
    const wanted = around(layerBoxes(places))
    if (!wanted) return
    const viewport = flow.viewport.value
    const { dx, dy } = revealShift(onScreen(wanted, viewport), flow.dimensions.value, margin)
    if (dx !== 0 || dy !== 0) void flow.setViewport({ ...viewport, x: viewport.x + dx, y: viewport.y + dy })
  }

  /** Whether all of it is in view. */
  function shows(places: Places): boolean {
    const wanted = around(layerBoxes(places))
    if (!wanted) return true
    const { left, top, right, bottom } = onScreen(wanted, flow.viewport.value)
    const { width, height } = flow.dimensions.value
    return left >= 0 && top >= 0 && right <= width && bottom <= height
  }

  /** Whoever saw the whole network goes on seeing it when it grows. */
  function follow(places: Places, before: Places): void {
    if (shows(before) && !shows(places)) fit()
  }

  return { fit, reveal, follow, showsMap }
}
