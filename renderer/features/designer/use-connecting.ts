import type { Connection, OnConnectStartParams } from '@vue-flow/core'
import { useDesignView } from '../../stores/design-view'
import { useEdits } from './use-edits'

/** Making a connection: by dragging from a handle to any part of a layer, or step by step. */
export function useConnecting() {
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
    if (id !== null && id !== from.id) join(from, id)
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

  function join(from: { readonly id: string; readonly end: 'source' | 'target' }, id: string): boolean {
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
