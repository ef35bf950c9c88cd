import type { Edge, Node } from '@vue-flow/core'
import { computed } from 'vue'
import { useDesignView } from '../../stores/design-view'
import { flowEdge, unnamed } from './flow-elements'
import { outputNodeId } from './graph-layout'

/**
 * The nodes and edges that Vue Flow holds. They change when layers move or are connected, never while a parameter is
 * typed: what a layer or an edge shows is looked up by itself.
 */
export function useCanvasElements() {
  const view = useDesignView()

  const nodes = computed<Node[]>(() =>
    [...view.places].map(([id, position]) => {
      const isOutput = id === outputNodeId
      return {
        id,
        type: isOutput ? 'output' : 'layer',
        position: { ...position },
        draggable: !isOutput,
        selectable: !isOutput,
        connectable: !isOutput,
        focusable: false,
        domAttributes: unnamed,
      }
    }),
  )

  const edges = computed<Edge[]>(() => {
    const end = view.outputEdge
    const all = end && view.places.has(end.to) ? [...view.edges, end] : view.edges
    return all.map(({ id, from, to }) => ({ ...flowEdge(id, from, to), data: { route: view.routes.get(id) ?? null } }))
  })

  return { nodes, edges }
}
