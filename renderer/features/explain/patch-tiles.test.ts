import { expect, it } from 'vitest'
import type { Patch } from '../../../shared/inspect/answers'
import { cropBox, windowBox } from './patch-tiles'

const box = { x: 10, y: 20, width: 280, height: 280 }

function patchAt(top: number, left: number): Patch {
  return { index: 0, label: 0, score: 1, row: 0, column: 0, window: { top, left, height: 7, width: 14 } }
}

it('frames the window where it lies on the drawn picture', () => {
  expect(windowBox(patchAt(7, 14), [28, 28, 1], box)).toEqual({ x: 150, y: 90, width: 140, height: 70 })
})

it('cuts a window that reaches over the edges', () => {
  expect(windowBox(patchAt(-2, 21), [28, 28, 1], box)).toEqual({ x: 220, y: 20, width: 70, height: 50 })
})

it('draws the whole picture so large that the window fills the box', () => {
  // 14 wide in 280: 20 pixels each; 7 high leaves (280 − 140) / 2 above.
  expect(cropBox(patchAt(7, 14), [28, 28, 1], box)).toEqual({ x: 10 - 280, y: 20 + 70 - 140, width: 560, height: 560 })
})
