import type { Edge } from '@vue-flow/core'

/** For nodes: Vue Flow's own name of what it wraps around a layer, in English only, says nothing more. */
export const unnamed = { 'aria-roledescription': undefined }

/** An edge as Vue Flow holds it. It is drawn, named and chosen by our own `ShapeEdge` inside. */
export function flowEdge(id: string, source: string, target: string): Edge {
  return {
    id,
    source,
    target,
    type: 'shape',
    ariaLabel: null,
    // Its type knows no role, the element takes it.
    domAttributes: { ...unnamed, role: 'presentation' } as NonNullable<Edge['domAttributes']>,
    focusable: false,
    selectable: false,
    updatable: false,
  }
}
