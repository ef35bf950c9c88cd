import { useDesign } from '../../stores/design'
import { useDesignView } from '../../stores/design-view'
import type { GraphEdge } from './edge-routes'
import type { Direction } from './walk'

/** Connections by the keyboard: from a layer onto one, along them, back to a layer, and a layer put between. */
export function useEdgeWalk() {
  const design = useDesign()
  const view = useDesignView()

  /** The connections of the layer that has the focus, else of the selected one; those that leave it first. */
  function ofLayer(focused: string | null): readonly GraphEdge[] {
    const id = focused ?? design.selection.at(-1)
    return [...view.edges.filter(({ from }) => from === id), ...view.edges.filter(({ to }) => to === id)]
  }

  function show(edge: GraphEdge): void {
    view.selectEdge(edge)
    view.requestFocus('edge')
  }

  /** From a layer to its first connection; on a connection to the next one of the same layer. */
  function enter(focused: string | null): boolean {
    if (view.selectedEdge) return walk('right')
    const [edge] = ofLayer(focused)
    if (edge) show(edge)
    return edge !== undefined
  }

  /** Up to where a connection comes from, down to where it goes, sideways to its neighbours. */
  function walk(direction: Direction): boolean {
    const edge = view.selectedEdge
    if (!edge) return false
    if (direction === 'up' || direction === 'down') {
      view.selectEdge(null)
      design.select([direction === 'up' ? edge.from : edge.to])
      view.requestFocus('layer')
      return true
    }
    const near = view.edges.filter(({ from, to }) => from === edge.from || to === edge.to)
    const at = near.findIndex(({ id }) => id === edge.id)
    const next = near[(at + (direction === 'right' ? 1 : -1) + near.length) % near.length]
    if (next) show(next)
    return true
  }

  /** Asks which layer is to stand on the selected connection, or on the first one that leaves the selected layer. */
  function insert(focused: string | null = null): boolean {
    const edge = view.selectedEdge ?? ofLayer(focused)[0]
    if (!edge) return false
    view.selectEdge(edge)
    view.inserting = { on: 'edge', edge }
    return true
  }

  /** Nothing is selected then, and the next arrow key begins at the first layer. */
  function leave(): void {
    view.selectEdge(null)
    if (document.activeElement instanceof SVGElement) document.activeElement.blur()
  }

  return { enter, walk, insert, leave }
}
