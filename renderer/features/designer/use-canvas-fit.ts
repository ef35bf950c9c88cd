import type { VueFlowStore } from '@vue-flow/core'
import { computed } from 'vue'
import { useDesignView } from '../../stores/design-view'
import { labelBoxes, layerBoxes } from './canvas-boxes'
import { around, fitView, onScreen, revealShift } from './fit-view'
import { mostZoom } from './graph-layout'

const margin = 36
/** Smaller than this nobody can read it; then it starts at the upper left. */
const leastZoom = 0.22
/** A smaller network needs no map. */
const fewLayers = 18

/** Bringing the network, or some layers of it, into view. */
export function useCanvasFit(flow: VueFlowStore) {
  const view = useDesignView()
  const content = computed(() => around(layerBoxes(view.places)))
  /** Only while some layer lies outside of what is seen: else the map would show nothing new. */
  const showsMap = computed(() => {
    if (!content.value || view.places.size <= fewLayers) return false
    const { width, height } = flow.dimensions.value
    const shown = onScreen(content.value, flow.viewport.value)
    return shown.left < 0 || shown.top < 0 || shown.right > width || shown.bottom > height
  })

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

  return { fit, reveal, showsMap }
}
