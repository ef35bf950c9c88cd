import type { Position } from '../../../shared/network/edit/graph'
import { around, type Box } from './fit-view'
import { nodeHeight, nodeWidth } from './graph-layout'

const margin = 12
/** Room for the name above the layers. */
const head = 22

/** The frame around the layers of a block that stand at these upper left corners; null around none. */
export function frameAround(places: readonly Position[]): Box | null {
  const box = around(places.map(({ x, y }) => ({ left: x, top: y, right: x + nodeWidth, bottom: y + nodeHeight })))
  if (!box) return null
  return {
    left: box.left - margin,
    top: box.top - head,
    right: box.right + margin,
    bottom: box.bottom + margin,
  }
}
