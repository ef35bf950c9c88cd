import type { VueFlowStore } from '@vue-flow/core'
import { useDesignView } from '../../stores/design-view'
import { mostZoom, nodeHeight, nodeWidth } from './graph-layout'

const margin = 36
/** Smaller than this nobody can read it; then it starts at the upper left. */
const leastZoom = 0.22

/** Bringing the network, or one layer of it, into view. Sizes of layers are ours, so nothing has to be measured. */
export function useCanvasFit(flow: VueFlowStore) {
  const view = useDesignView()

  function fit(): void {
    const places = [...view.places.values()]
    const { width, height } = flow.dimensions.value
    if (width === 0 || height === 0 || places.length === 0) return
    const [left, top] = [Math.min(...places.map(({ x }) => x)), Math.min(...places.map(({ y }) => y))]
    const across = Math.max(...places.map(({ x }) => x)) + nodeWidth - left
    const down = Math.max(...places.map(({ y }) => y)) + nodeHeight - top
    const fitting = Math.min((width - 2 * margin) / across, (height - 2 * margin) / down)
    const zoom = Math.min(mostZoom, Math.max(leastZoom, fitting))
    void flow.setViewport({
      x: Math.max(margin, (width - across * zoom) / 2) - left * zoom,
      y: Math.max(margin, (height - down * zoom) / 2) - top * zoom,
      zoom,
    })
  }

  /** Moves the canvas as little as needed for the layer to be seen. */
  function center(id: string): void {
    const place = view.places.get(id)
    if (!place) return
    const { x, y, zoom } = flow.viewport.value
    const { width, height } = flow.dimensions.value
    const [left, top] = [place.x * zoom + x, place.y * zoom + y]
    const shift = (start: number, size: number, room: number): number =>
      start < margin ? margin - start : start + size > room - margin ? room - margin - start - size : 0
    const dx = shift(left, nodeWidth * zoom, width)
    const dy = shift(top, nodeHeight * zoom, height)
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom })
  }

  return { fit, center }
}
