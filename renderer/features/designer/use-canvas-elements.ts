import type { Edge, Node } from '@vue-flow/core'
import { computed } from 'vue'
import { useDesignView } from '../../stores/design-view'
import { useNetwork } from '../../stores/network'
import { flowEdge, unnamed } from './flow-elements'
import { outputNodeId } from './graph-layout'

/**
 * The nodes and edges that Vue Flow holds. They change when layers move or are connected, never while a parameter is
 * typed: what a layer or an edge shows is looked up by itself.
 */
export function useCanvasElements() {
  const view = useDesignView()
  const network = useNetwork()

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

  /** The layer that the network's output leaves from. */
  const last = computed(() => {
    const end = network.analysis?.output?.node.id
    return end === undefined ? null : (network.analysis?.origins.get(end)?.layerId ?? end)
  })
  const edges = computed<Edge[]>(() => {
    const inner = view.edges.map((edge) => flowEdge(edge.id, edge.from, edge.to))
    return last.value !== null && view.places.has(outputNodeId)
      ? [...inner, flowEdge(`${last.value}>${outputNodeId}`, last.value, outputNodeId)]
      : inner
  })

  return { nodes, edges }
}
