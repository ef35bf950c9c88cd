import type { Position } from '../../../shared/network/edit/graph'
import { around, type Box } from './fit-view'
import { nodeHeight, nodeWidth } from './graph-layout'

export interface BlockFrame {
  readonly box: Box
  /** Room for the name in the upper left corner: beside the edge that enters the first layer from above. */
  readonly nameWidth: number
}

const margin = 12
/** Room for the name above the layers. */
const head = 22

/** The frame around the layers of a block that stand at these upper left corners; null around none. */
export function frameAround(places: readonly Position[]): BlockFrame | null {
  const layers = around(places.map(({ x, y }) => ({ left: x, top: y, right: x + nodeWidth, bottom: y + nodeHeight })))
  if (!layers) return null
  const first = places.filter(({ y }) => y === layers.top)
  const entry = Math.min(...first.map(({ x }) => x + nodeWidth / 2))
  const box = {
    left: layers.left - margin,
    top: layers.top - head,
    right: layers.right + margin,
    bottom: layers.bottom + margin,
  }
  return { box, nameWidth: entry - box.left - 8 }
}
