import type { Position } from '../../../shared/network/edit/graph'
import type { EdgeRoute } from './edge-routes'
import { nodeHeight, nodeWidth } from './graph-layout'

/** For an SVG text's `transform`. */
export function labelTurn({ x, y, turned }: EdgePath['label']): string | undefined {
  return turned ? `rotate(90 ${x} ${y})` : undefined
}

export interface EdgeEnds {
  readonly sourceX: number
  readonly sourceY: number
  readonly targetX: number
  readonly targetY: number
}

interface Point {
  readonly x: number
  readonly y: number
}

export interface EdgePath {
  /** For an SVG path's `d`. */
  readonly path: string
  /** Along a lane it is turned by a right angle around its place, which is its middle then. */
  readonly label: Point & { readonly anchor: 'start' | 'middle' | 'end'; readonly turned: boolean }
  readonly middle: Point
}

const radius = 8
const turn = 15
/** Soon enough to pass above the shapes on the layer's other edges. */
const exit = 5
const halfNode = nodeWidth / 2
const gutterHalf = 26

/** Where an edge leaves and enters layers that stand at these upper left corners. */
export function edgeEnds(from: Position, to: Position): EdgeEnds {
  return {
    sourceX: from.x + halfNode,
    sourceY: from.y + nodeHeight,
    targetX: to.x + halfNode,
    targetY: to.y,
  }
}

/** The line of an edge: straight down, bent, along a lane past what is in its way, or back up to the next column. */
export function edgePath(ends: EdgeEnds, route: EdgeRoute | null): EdgePath {
  const { sourceX, sourceY, targetX, targetY } = ends
  if (targetY <= sourceY) return wrapped(ends, route?.lane ?? null)
  if (route && route.lane !== null) return alongLane(ends, route.lane)
  if (Math.abs(targetX - sourceX) < 1) {
    const y = (sourceY + targetY) / 2
    return {
      path: `M ${sourceX} ${sourceY} V ${targetY - 4}`,
      label: { x: sourceX + 8, y: y + 3.5, anchor: 'start', turned: false },
      middle: { x: sourceX, y },
    }
  }
  const middle = (sourceY + targetY) / 2
  const y = route?.bend === 'early' ? sourceY + turn : route?.bend === 'late' ? targetY - turn - 3 : middle
  const side = Math.sign(targetX - sourceX)
  const r = Math.min(radius, Math.abs(targetX - sourceX) / 2, y - sourceY, targetY - 4 - y)
  return {
    path: [
      `M ${sourceX} ${sourceY} V ${y - r} Q ${sourceX} ${y} ${sourceX + side * r} ${y}`,
      `H ${targetX - side * r} Q ${targetX} ${y} ${targetX} ${y + r} V ${targetY - 4}`,
    ].join(' '),
    label:
      route?.bend === 'late'
        ? { x: sourceX + 8, y: sourceY + turn + 3.5, anchor: 'start', turned: false }
        : { x: targetX + 8, y: (y + targetY) / 2 + 3.5, anchor: 'start', turned: false },
    middle: { x: (sourceX + targetX) / 2, y },
  }
}

function alongLane({ sourceX, sourceY, targetX, targetY }: EdgeEnds, lane: number): EdgePath {
  const [down, up, r] = [sourceY + 10, targetY - 16, radius]
  const back = Math.sign(targetX - lane)
  const out = Math.sign(lane - sourceX)
  return {
    path: [
      `M ${sourceX} ${sourceY} V ${down - r} Q ${sourceX} ${down} ${sourceX + out * r} ${down} H ${lane - out * r}`,
      `Q ${lane} ${down} ${lane} ${down + r} V ${up - r} Q ${lane} ${up} ${lane + back * r} ${up}`,
      `H ${targetX - back * r} Q ${targetX} ${up} ${targetX} ${up + r} V ${targetY - 4}`,
    ].join(' '),
    label: { x: lane + 5, y: (down + up) / 2, anchor: 'middle', turned: true },
    middle: { x: lane, y: (down + up) / 2 },
  }
}

/** Through the gutter left of the target's column. */
function wrapped({ sourceX, sourceY, targetX, targetY }: EdgeEnds, lane: number | null): EdgePath {
  const gutterX = lane ?? targetX - halfNode - gutterHalf
  const [down, up, r] = [sourceY + exit, targetY - turn, radius]
  const side = gutterX >= sourceX ? 1 : -1
  return {
    path: [
      `M ${sourceX} ${sourceY} Q ${sourceX} ${down} ${sourceX + side * exit} ${down} H ${gutterX - side * r}`,
      `Q ${gutterX} ${down} ${gutterX} ${down - r} V ${up + r}`,
      `Q ${gutterX} ${up} ${gutterX + r} ${up} H ${targetX - r}`,
      `Q ${targetX} ${up} ${targetX} ${up + r} V ${targetY - 4}`,
    ].join(' '),
    label: { x: sourceX - side * 8, y: down + 3.5, anchor: side > 0 ? 'end' : 'start', turned: false },
    middle: { x: gutterX, y: (down + up) / 2 },
  }
}
