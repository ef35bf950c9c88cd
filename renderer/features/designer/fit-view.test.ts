import { describe, expect, it } from 'vitest'
import { around, fitView, onScreen, revealShift, type Box } from './fit-view'

const limits = { least: 0.2, most: 1, margin: 10 }
const tools = { width: 100, height: 40 }

function box(left: number, top: number, right: number, bottom: number): Box {
  return { left, top, right, bottom }
}

describe('fitView', () => {
  it('puts what is small into the middle, at its own size', () => {
    const view = fitView([box(0, 0, 100, 50)], { width: 500, height: 450 }, limits, tools)
    expect(view).toEqual({ x: 200, y: 200, zoom: 1 })
  })

  it('shrinks what is large to the margin, wherever its own zero is', () => {
    const boxes = [box(-500, 0, -400, 100), box(400, 0, 500, 100)]
    const size = { width: 520, height: 400 }
    const view = fitView(boxes, size, limits, tools)
    expect(view?.zoom).toBe(0.5)
    expect(view && onScreen(around(boxes)!, view)).toMatchObject({ left: 10, right: 510 })
  })

  it.each([
    ['tall', box(0, 0, 280, 1000)],
    ['wide', box(0, 0, 1000, 680)],
    ['square', box(0, 0, 1000, 1000)],
  ])('keeps the corner of the tools free for a %s network', (_, content) => {
    const size = { width: 300, height: 300 }
    const view = fitView([content], size, limits, tools)!
    const shown = onScreen(content, view)
    expect(shown.left >= tools.width || shown.bottom <= size.height - tools.height).toBe(true)
    expect(shown.right).toBeLessThanOrEqual(size.width)
    expect(shown.bottom).toBeLessThanOrEqual(size.height)
  })

  it('leaves the corner in use that nothing would stand in', () => {
    // Two columns, the left one short: only the right one reaches down.
    const boxes = [box(0, 0, 100, 100), box(180, 0, 280, 280)]
    const view = fitView(boxes, { width: 300, height: 300 }, limits, tools)
    expect(view?.zoom).toBe(1)
  })

  it('shows the upper left of what is too large at the least zoom', () => {
    const view = fitView([box(0, 0, 9000, 9000)], { width: 300, height: 300 }, limits, tools)
    expect(view).toMatchObject({ x: 10, y: 10, zoom: 0.2 })
  })

  it('has nothing to show of nothing, or on nothing', () => {
    expect(fitView([], { width: 300, height: 300 }, limits, tools)).toBeNull()
    expect(fitView([box(0, 0, 1, 1)], { width: 0, height: 300 }, limits, tools)).toBeNull()
  })
})

describe('revealShift', () => {
  const size = { width: 300, height: 300 }

  it('moves nothing that is seen', () => {
    expect(revealShift(box(50, 50, 90, 90), size, 10)).toEqual({ dx: 0, dy: 0 })
  })
  it('brings in what is outside', () => {
    expect(revealShift(box(-30, 320, 10, 360), size, 10)).toEqual({ dx: 40, dy: -70 })
  })
  it('shows the beginning of what is larger than the canvas', () => {
    expect(revealShift(box(50, -200, 90, 400), size, 10)).toEqual({ dx: 0, dy: 210 })
    expect(revealShift(box(50, 20, 90, 400), size, 10)).toEqual({ dx: 0, dy: -10 })
  })
})
