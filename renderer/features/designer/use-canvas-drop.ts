import type { VueFlowStore } from '@vue-flow/core'
import { useDesignView } from '../../stores/design-view'
import { useEdits } from './use-edits'

/** The kind of the layer that is dragged from the palette. */
export const layerDragType = 'application/x-convscope-layer'

/** Dropping a layer from the palette: onto an edge it goes between, elsewhere it stands alone. */
export function useCanvasDrop(flow: VueFlowStore) {
  const view = useDesignView()
  const edits = useEdits()

  function onDragOver(event: DragEvent): void {
    // Only the kind of what is dragged can be read before it is dropped.
    if (!event.dataTransfer?.types.includes(layerDragType)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    view.aimedEdge = edgeAt(event)
  }

  function onDragLeave(): void {
    view.aimedEdge = null
  }

  function onDrop(event: DragEvent): void {
    const kind = event.dataTransfer?.getData(layerDragType)
    const id = edgeAt(event)
    view.aimedEdge = null
    if (!kind) return
    event.preventDefault()
    const edge = view.edges.find((one) => one.id === id)
    const done = edge
      ? edits.insert(kind, edge)
      : edits.addAt(kind, flow.screenToFlowCoordinate({ x: event.clientX, y: event.clientY }))
    if (done) view.requestFocus('layer')
  }

  return { onDragOver, onDragLeave, onDrop }
}

function edgeAt(event: MouseEvent): string | null {
  for (const element of document.elementsFromPoint(event.clientX, event.clientY)) {
    const edge = element.closest<SVGElement>('[data-edge]')
    if (edge) return edge.dataset.edge ?? null
  }
  return null
}
