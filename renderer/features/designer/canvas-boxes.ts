import { edgeEnds, edgePath } from './edge-path'
import type { EdgeRoute, GraphEdge } from './edge-routes'
import type { Box } from './fit-view'
import { nodeHeight, nodeWidth } from './graph-layout'
import type { Places } from './places'

/** Letters of a shape on an edge, about. */
const letter = { width: 6.2, height: 13 }

/** What every layer takes on the canvas. Sizes are ours, so nothing has to be measured. */
export function layerBoxes(places: Places): Box[] {
  return [...places.values()].map(({ x, y }) => ({ left: x, top: y, right: x + nodeWidth, bottom: y + nodeHeight }))
}

/** The same for the shapes written on the edges. */
export function labelBoxes(
  edges: readonly GraphEdge[],
  places: Places,
  routes: ReadonlyMap<string, EdgeRoute>,
  shapeOf: (from: string) => string,
): Box[] {
  return edges.flatMap(({ id, from, to }) => {
    const [source, target] = [places.get(from), places.get(to)]
    if (!source || !target) return []
    const { label } = edgePath(edgeEnds(source, target), routes.get(id) ?? null)
    const width = shapeOf(from).length * letter.width
    if (label.turned)
      return { left: label.x, top: label.y - width / 2, right: label.x + letter.height, bottom: label.y + width / 2 }
    const left = label.anchor === 'end' ? label.x - width : label.x
    return { left, top: label.y - letter.height, right: left + width, bottom: label.y + 4 }
  })
}
