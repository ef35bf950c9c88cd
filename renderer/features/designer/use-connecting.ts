import { useVueFlow, type Connection, type OnConnectStartParams } from '@vue-flow/core'
import { useDesignView, type Joint } from '../../stores/design-view'
import { nodeHeight } from './graph-layout'
import { useEdits } from './use-edits'

/**
 * Making a connection: by dragging from a handle to any part of a layer, or step by step. Dragged to an empty place it asks
 * which layer is to stand there.
 */
export function useConnecting() {
  const flow = useVueFlow('design')
  const view = useDesignView()
  const edits = useEdits()

  function onConnectStart({ nodeId, handleType }: OnConnectStartParams & { event?: MouseEvent | TouchEvent }): void {
    if (nodeId) view.startConnecting({ id: nodeId, end: handleType === 'target' ? 'target' : 'source', by: 'drag' })
  }

  function onConnectEnd(event?: MouseEvent | TouchEvent): void {
    const from = view.connecting
    view.stopConnecting()
    if (!from || !(event instanceof MouseEvent)) return
    const id = layerAt(event.clientX, event.clientY)
    if (id === null) addAtEnd(from, event)
    else if (id !== from.id) join(from, id)
  }

  function addAtEnd({ id, end }: Joint, event: MouseEvent): void {
    if (!(event.target instanceof Element) || !event.target.matches('.vue-flow__pane')) return
    const { x, y } = flow.screenToFlowCoordinate({ x: event.clientX, y: event.clientY })
    // The line that was drawn ends at the new layer's edge.
    const middle = y + (end === 'source' ? nodeHeight / 2 : -nodeHeight / 2)
    view.inserting = { on: 'pane', at: { x, y: middle }, joint: { id, end } }
  }

  function isValid({ source, target }: Connection): boolean {
    const from = view.connecting
    // Vue Flow asks about the edges that are there too.
    if (!from) return true
    const other = from.end === 'target' ? source : target
    return view.targets?.get(other)?.allowed ?? false
  }

  /** Ends a connection made in steps at the layer `id`; false while none is being made. */
  function finishAt(id: string): boolean {
    const from = view.connecting
    if (from?.by !== 'steps') return false
    if (id !== from.id && join(from, id)) view.stopConnecting()
    return true
  }

  function join(from: Joint, id: string): boolean {
    return from.end === 'source' ? edits.link(from.id, id) : edits.link(id, from.id)
  }

  return { onConnectStart, onConnectEnd, isValid, finishAt }
}

/** The layer under the pointer, or the one whose handle is. */
function layerAt(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest('.vue-flow__node')?.querySelector<HTMLElement>('[data-layer]')
    if (node) return node.dataset.layer ?? null
  }
  return null
}
